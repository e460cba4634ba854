"""What is broken on purpose is there to be broken: a name that has gone would be left out without a word."""

import ast
import tomllib

from tests.mutate import RULES
from tests.support.processes import ROOT


def test_every_rule_that_is_broken_on_purpose_is_there_and_among_those_that_mutmut_changes() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    assert {f"checkout_app/{path}" for path in RULES} == set(settings["only_mutate"])
    gone = {(path, name) for path, names in RULES.items() for name in {*names} - {"*", *_functions(path)}}
    assert gone == set()
    asked = [ROOT / test.partition("::")[0] for test in settings["pytest_add_cli_args_test_selection"]]
    assert [test for test in asked if not test.is_file()] == []


def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / "checkout_app" / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
