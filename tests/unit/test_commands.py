"""An operator's command runs one event loop: connections to PostgreSQL are of the loop that opened them."""

import ast
from pathlib import Path

import pytest

from tests.support.processes import ROOT

COMMANDS = sorted((ROOT / "checkout_app" / "commands").glob("*.py"))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_command_asks_the_database_in_a_second_loop(path: Path) -> None:
    commands = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    assert [command.name for command in commands if ast.unparse(command).count("asyncio.run(") > 1] == []
