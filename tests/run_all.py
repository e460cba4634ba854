"""Run every test and say the total. Suites that need different things run as processes of their own, side by side."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.browser_launch import ensure_browser

ROOT = Path(__file__).resolve().parent.parent
BROWSER = ("tests/browser", "tests/sandbox/browser")
SUITES: dict[str, Sequence[str]] = {
    "races": ("tests/settle/test_races.py",),
    "faults": ("tests/settle/test_fault_matrix.py",),
    "histories": ("tests/settle/test_permutations.py", "tests/settle/test_settling.py", "tests/unit"),
    "money": (
        "tests/settle",
        "--ignore-glob=*_matrix.py",
        "--ignore-glob=*_permutations.py",
        "--ignore-glob=*_races.py",
        "--ignore-glob=*_settling.py",
    ),
    "shop-browser": ("tests/browser",),
    "sandbox-browser": ("tests/sandbox/browser",),
    "services": ("tests", "--ignore=tests/settle", "--ignore=tests/unit", *(f"--ignore={path}" for path in BROWSER)),
}
"""The long ones first, so that two cores are busy to the end; races and faults mostly wait."""
SIDE_BY_SIDE = 3


@dataclass(frozen=True)
class Result:
    """What one process of pytest found."""

    suite: str
    passed: int
    failed: int
    skipped: int
    complaints: Sequence[str]
    """A line for each failed test: which, and what it said."""
    green: bool


def main() -> int:
    """Run the suites; the exit status is 0 only when every one is green."""
    began = time.monotonic()
    ensure_browser()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        results = list(pool.map(run, SUITES, SUITES.values()))
    for result in results:
        print(f"{'green' if result.green else 'RED  '}  {result.passed:>4} passed  {result.suite}")
        for complaint in result.complaints:
            print(f"       {complaint}")
    passed, failed, skipped = (sum(getattr(r, name) for r in results) for name in ("passed", "failed", "skipped"))
    green = all(result.green for result in results)
    print(f"{'All green' if green else 'Red'} after {time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if green else 1


def run(suite: str, arguments: Sequence[str]) -> Result:
    """Run pytest on its own, passing its lines on under the suite's name, and count what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pytest:
            for line in pytest.stdout or ():
                print(f"{suite}: {line}", end="", flush=True)
        suites = list(ET.parse(report).iter("testsuite")) if report.exists() else []
    counts = {
        key: sum(int(found.get(key, 0)) for found in suites) for key in ("tests", "failures", "errors", "skipped")
    }
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    complaints = [
        f"{case.get('classname')}::{case.get('name')}: {' '.join(trouble.get('message', '').split())[:300]}"
        for found in suites
        for case in found.iter("testcase")
        for trouble in case
        if trouble.tag in {"failure", "error"}
    ]
    return Result(suite, passed, failed, counts["skipped"], complaints, green=pytest.returncode == 0)


if __name__ == "__main__":
    raise SystemExit(main())
