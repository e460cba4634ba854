"""What `make test` runs: every test file once, and a browser is asked for only where one is needed."""

import os
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.run_all import FIRST_AT_NIGHT, ROOT, SUITES, needs_browser, share_out

NAMES = ("test_*.py", "*_test.py")
"""What pytest takes for a test file."""
NOT_OURS = ("mutants", "node_modules")


def _test_files() -> Iterator[str]:
    """Look for test files everywhere, also where nobody should put one."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in NOT_OURS]
        for name in names:
            if any(fnmatch(name, pattern) for pattern in NAMES):
                yield str(Path(folder, name).relative_to(ROOT))


def test_every_test_file_of_the_repository_belongs_to_exactly_one_suite() -> None:
    shared_out = Counter(file for files in share_out().values() for file in files)
    assert shared_out == Counter(_test_files())


def test_every_path_that_a_suite_names_is_there_and_named_once() -> None:
    named = [path for paths in SUITES.values() for path in paths]
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert len(set(named)) == len(named)


def test_every_suite_has_files_because_pytest_without_any_would_run_all() -> None:
    assert [suite for suite, files in share_out().items() if not files] == []


def test_what_comes_first_at_night_are_suites() -> None:
    assert set(FIRST_AT_NIGHT) <= set(SUITES)


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("tests", True),
        ("./razorpay-sandbox/", True),
        ("tests/browser/test_buying.py::test_a_name[chromium]", True),
        ("razorpay-sandbox/tests/test_clock.py", False),
        ("tests/unit", False),
    ],
)
def test_a_browser_is_needed_only_where_there_are_browser_tests(name: str, needs: bool) -> None:  # noqa: FBT001
    assert needs_browser(name) is needs
