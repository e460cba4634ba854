"""The floors of how much of each package tests reach: every package has one, and what sinks below is named."""

import tomllib

from tests.support.processes import ROOT
from tools.reach import below, reach

FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["reach"]


def _file(statements: int, run: int, branches: int = 0, taken: int = 0) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "num_statements": statements,
            "covered_lines": run,
            "num_branches": branches,
            "covered_branches": taken,
        }
    }


def test_every_package_has_a_floor_and_every_floor_a_package() -> None:
    packages = {path.parent.name for path in (ROOT / "checkout_app").glob("*/__init__.py")}
    assert set(FLOORS) == {*packages, "checkout_app"}


def test_a_package_is_all_its_modules_and_the_top_is_one_too() -> None:
    files = {
        "checkout_app/cli.py": _file(4, 1),
        "checkout_app/ui/kit.py": _file(10, 10),
        "checkout_app/ui/deep/frame.py": _file(8, 0, branches=2, taken=0),
        "checkout_app/ui/__init__.py": _file(0, 0),
        "checkout_app/core/__init__.py": _file(0, 0),
    }
    assert reach({"files": files}) == {"checkout_app": 25.0, "ui": 50.0}


def test_what_sinks_what_has_no_floor_and_what_is_gone_is_named() -> None:
    reached = {"catalog": 90.0, "core": 89.9, "loyalty": 100.0}
    assert below(reached, {"catalog": 90, "core": 90, "merchant": 80}) == [
        "core: 89.9 %, below its 90 %",
        "loyalty: has no floor",
        "merchant: has a floor, and nothing of it was measured",
    ]
