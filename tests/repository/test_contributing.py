"""CONTRIBUTING.md names what is there, and its example is a test that passes."""

import re
from typing import Any

from tests.support.inside import Inside
from tests.support.processes import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROOTS = ("checkout_app/", "tests/", "docs/", "alembic/", "razorpay-sandbox/", "requirements")


def test_every_path_it_names_is_there() -> None:
    linked = re.findall(r"\]\((?!https:)([^)#]+)", TEXT)
    named = [name for name in re.findall(r"`([^`\s]+)`", TEXT) if name.startswith(ROOTS)]
    assert linked
    assert named
    assert [path for path in (*linked, *named) if not (ROOT / path).exists()] == []


def test_every_target_of_make_it_names_is_there() -> None:
    [targets] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", TEXT, re.MULTILINE)) <= set(targets.split())


def test_every_folder_of_tests_is_in_its_table() -> None:
    folders = {file.parent.relative_to(ROOT).as_posix() for file in ROOT.glob("tests/*/test_*.py")}
    assert [folder for folder in folders if f"`{folder}`" not in TEXT] == []


async def test_its_example_is_a_test_that_passes(inside: Inside) -> None:
    [example] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(example, "CONTRIBUTING.md", "exec"), found)  # noqa: S102 - our own text
    [test] = [value for name, value in found.items() if name.startswith("test_")]
    await test(inside)
