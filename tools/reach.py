"""Run every test and see that they reach as much of each package as its floor says: `tool.reach` in pyproject.toml.

Servers and commands under test are measured too; a process that is killed, as power cuts are, leaves nothing behind.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_KEPT = ROOT / ".cache" / "coverage"
_PACKAGE = "checkout_app"


def main() -> int:
    """Measure, say how far each package is reached, and return the exit status."""
    shutil.rmtree(_KEPT, ignore_errors=True)
    _KEPT.mkdir(parents=True)
    tests = _coverage("run", "-m", "tests.run_all")
    _coverage("combine", "--quiet")
    _coverage("json", "--quiet", "-o", str(_KEPT / "report.json"))
    reached = reach(json.loads((_KEPT / "report.json").read_text(encoding="utf-8")))
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["reach"]
    for package, percent in sorted(reached.items(), key=lambda item: item[1]):
        print(f"{percent:>5.1f} %  {package}")
    wrong = below(reached, floors)
    print("\n".join(wrong) or "Every package is reached as far as its floor says")
    return 1 if wrong else tests


def reach(report: dict[str, Any]) -> dict[str, float]:
    """Return the percent of each package's statements and branches that were run; modules of no package are one."""
    all_there, run = Counter[str](), Counter[str]()
    for name, file in report["files"].items():
        package, *module = Path(name).relative_to(_PACKAGE).parts
        summary = file["summary"]
        all_there[package if module else _PACKAGE] += summary["num_statements"] + summary["num_branches"]
        run[package if module else _PACKAGE] += summary["covered_lines"] + summary["covered_branches"]
    return {package: 100 * run[package] / there for package, there in all_there.items() if there}


def below(reached: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Say of which packages less is reached than their floor says, and which have none or are gone."""
    both = reached.keys() & floors
    sunk = [
        f"{name}: {reached[name]:.1f} %, below its {floors[name]} %" for name in both if reached[name] < floors[name]
    ]
    other = [f"{name}: has no floor" for name in reached.keys() - floors]
    gone = [f"{name}: has a floor, and nothing of it was measured" for name in floors.keys() - reached]
    return sorted((*sunk, *other, *gone))


def _coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
