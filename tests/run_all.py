"""Run every test and say the total: what needs an event loop and what needs a browser go in processes of their own."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.browser_launch import ensure_browser

ROOT = Path(__file__).resolve().parent.parent
BROWSER_SUITES = {
    "The sandbox in a browser": "tests/sandbox/browser",
    "The shop in a browser": "tests/browser",
}


@dataclass(frozen=True)
class Result:
    """What one process of pytest found."""

    name: str
    passed: int
    failed: int
    skipped: int
    green: bool


def main() -> int:
    """Run the suites one after the other; the exit status is 0 only when all are green."""
    began = time.monotonic()
    ignored = [f"--ignore={folder}" for folder in BROWSER_SUITES.values()]
    results = [run("Services, HTTP, sandbox", ["tests", *ignored])]
    ensure_browser()
    results += [run(name, [folder]) for name, folder in BROWSER_SUITES.items()]
    for result in results:
        print(f"{'green' if result.green else 'RED  '}  {result.passed:>4} passed  {result.name}")
    passed, failed, skipped = (sum(getattr(r, name) for r in results) for name in ("passed", "failed", "skipped"))
    took = f"{time.monotonic() - began:.0f} s"
    if all(result.green for result in results):
        print(f"All green: {passed} passed, {skipped} skipped in {took}")
        return 0
    print(f"Red: {failed} failed, {passed} passed, {skipped} skipped in {took}")
    return 1


def run(name: str, arguments: list[str]) -> Result:
    """Run pytest on its own and count what it reports."""
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        suites = list(ET.parse(report).iter("testsuite")) if report.exists() else []
    counts = {
        key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    }
    failed = counts["failures"] + counts["errors"]
    return Result(name, counts["tests"] - failed - counts["skipped"], failed, counts["skipped"], green=status == 0)


if __name__ == "__main__":
    raise SystemExit(main())
