"""What runs by itself, on a server or before a commit, are the commands that people run by hand."""

import re

from tests.support.processes import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")


def _targets() -> set[str]:
    [names] = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    return set(names.split())


def _values(key: str, text: str) -> list[str]:
    return re.findall(rf"^[ -]*{key}:[ ]*(.+)$", text, re.MULTILINE)


def test_workflows_run_targets_of_make_that_exist_and_nothing_else() -> None:
    for workflow in WORKFLOWS:
        commands = _values("run", workflow.read_text(encoding="utf-8"))
        made = [re.fullmatch(r"make ([a-z-]+)( [A-Z]+=\S+(\{\{.*\}\})?)*", command) for command in commands]
        assert made
        assert {match[1] if match else None for match in made} <= _targets(), commands


def test_workflows_run_what_has_to_be_green_before_a_change_goes_in() -> None:
    wanted = set(re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE))
    run = {command for workflow in WORKFLOWS for command in _values("run", workflow.read_text(encoding="utf-8"))}
    assert wanted
    assert wanted <= run


def test_workflows_may_only_read_and_take_each_action_by_its_commit() -> None:
    for workflow in WORKFLOWS:
        text = workflow.read_text(encoding="utf-8")
        assert "permissions:\n  contents: read\n" in text
        assert "write" not in text
        taken = _values("uses", text)
        assert taken
        assert [action for action in taken if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[0-9.]+", action)] == []


def test_hooks_are_commands_of_make_lint_and_fetch_nothing() -> None:
    _, _, recipe = MAKEFILE.partition("\nlint:")
    commands = {line.strip("\t@") for line in recipe.partition("\n\n")[0].splitlines()[1:]}
    entries = [entry.replace(".venv/bin/", "$(BIN)/") for entry in _values("entry", HOOKS)]
    assert entries
    assert set(entries) <= commands
    assert set(_values("repo", HOOKS)) == {"local"}
    assert _values("language", HOOKS) == ["system"] * len(entries)
