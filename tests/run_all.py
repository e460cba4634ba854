"""Run every test and say the total, or run pytest alone on what is named.

Suites that need different things run as processes of their own, side by side. With HYPOTHESIS_PROFILE=nightly the tests
that multiply do so: `make nightly`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.browser_launch import ensure_browser

ROOT = Path(__file__).resolve().parent.parent
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SANDBOX = "razorpay-sandbox"
"""A package of its own, whose tests know nothing of the shop and run in its folder."""
BROWSER = ("tests/browser", f"{SANDBOX}/tests/browser")
PARTS = ("tests/unit", "tests/parts", "tests/mail", "tests/repository", "tests/security")
"""Single parts: without a database and on one, what the repository says of itself, and who may call what."""
SUITES: dict[str, Sequence[str]] = {
    "shop-browser": BROWSER[:1],
    "services": ("tests",),
    "operations": ("tests/commands", "tests/deploy", "tests/disaster", "tests/migrations"),
    "histories": ("tests/settle/test_permutations.py", "tests/settle/test_settling.py", *PARTS),
    "sandbox-browser": BROWSER[1:],
    "faults": ("tests/settle/test_fault_matrix.py",),
    "money": ("tests/settle",),
    "books": ("tests/books",),
    "sandbox": (f"{SANDBOX}/tests",),
    "races": ("tests/settle/test_races.py",),
    "storm": ("tests/disaster/test_storm.py", "tests/settle/test_soak.py"),
}
"""A test file belongs to the suite that names the nearest part of its path.

The long ones first, so that two cores are busy to the end.
"""
FIRST_AT_NIGHT = ("storm", "histories", "money", "books", "faults", "services")
"""Those that multiply, the longest first."""
SIDE_BY_SIDE = 3
PYTEST = (sys.executable, "-m", "pytest")


@dataclass(frozen=True)
class Result:
    """What one process of pytest found."""

    suite: str
    passed: int
    failed: int
    skipped: int
    complaints: Sequence[str]
    """A line for each failed test: which, and what it said."""
    figures: Sequence[str]
    """What the proofs found out, without the rows of tables."""
    seconds: float
    green: bool


def main(named: Sequence[str]) -> int:
    """Run pytest on what is named, or else all suites; the exit status is 0 only when all is green."""
    began = time.monotonic()
    if not named or any(needs_browser(name) for name in named):
        ensure_browser()
    if named:
        runs = [subprocess.run([*PYTEST, *paths], cwd=home, check=False) for home, paths in at_home(named)]
        return max(run.returncode for run in runs)
    files = share_out()
    suites = list(dict.fromkeys((*FIRST_AT_NIGHT, *SUITES) if NIGHTLY else SUITES))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        results = list(pool.map(run, suites, [files[suite] for suite in suites]))
    for result in results:
        colour = "green" if result.green else "RED  "
        print(f"{colour}  {result.passed:>4} passed  {result.seconds:>5.0f} s  {result.suite}")
        for line in (*result.figures, *result.complaints):
            print(f"       {line}")
    passed, failed, skipped = (sum(getattr(r, name) for r in results) for name in ("passed", "failed", "skipped"))
    green = all(result.green for result in results)
    print(f"{'All green' if green else 'Red'} after {time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if green else 1


def needs_browser(name: str) -> bool:
    """Say whether what is named for pytest is, or has in it, a browser test."""
    path = Path(ROOT, name.partition("::")[0]).resolve()
    folders = [ROOT / folder for folder in BROWSER]
    return any(path.is_relative_to(folder) or folder.is_relative_to(path) for folder in folders)


def at_home(paths: Sequence[str]) -> Iterator[tuple[Path, list[str]]]:
    """Sort paths by the folder whose tests they are, where pytest has to stand, and write them as seen from there."""
    for folder in (ROOT, ROOT / SANDBOX):
        of_sandbox = folder != ROOT
        here = [path for path in paths if Path(ROOT, path).resolve().is_relative_to(ROOT / SANDBOX) == of_sandbox]
        if here:
            yield folder, [os.path.relpath(ROOT / path, folder) for path in here]


def share_out() -> dict[str, list[str]]:
    """Give every test file to its suite."""
    owners = {Path(path): suite for suite, paths in SUITES.items() for path in paths}
    files: dict[str, list[str]] = {suite: [] for suite in SUITES}
    found = [path for folder in (ROOT, ROOT / SANDBOX) for path in folder.glob("tests/**/test_*.py")]
    for file in sorted(path.relative_to(ROOT) for path in found):
        nearest = next(path for path in (file, *file.parents) if path in owners)
        files[owners[nearest]].append(str(file))
    return files


def run(suite: str, files: Sequence[str]) -> Result:
    """Run pytest on its own, passing its lines on under the suite's name, and count what it reports."""
    began = time.monotonic()
    print(f"{suite}: begins", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        [(home, paths)] = at_home(files)
        command = [*PYTEST, "-v" if NIGHTLY else "-q", f"--junitxml={report}", *paths]
        with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pytest:
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
    told = [line.get("value", "") for found in suites for line in found.iterfind("properties/property[@name='figure']")]
    figures = [line for line in told if line and not line.startswith("|")]
    seconds, green = time.monotonic() - began, pytest.returncode == 0
    return Result(suite, passed, failed, counts["skipped"], complaints, figures, seconds, green)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
