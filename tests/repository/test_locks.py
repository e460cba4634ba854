"""The locks of the Python packages: what is named by hand, in that version, with hashes, from no named place."""

import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.processes import ROOT

PAIRS = ("requirements", "requirements-dev", "requirements-redis")
"""Each is written by hand as .in, and by `make lock` as .txt."""


def _named(pair: str) -> list[str]:
    """Return the lines that name a package by hand, with their reasons."""
    lines = (ROOT / f"{pair}.in").read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-c "))]


def _requirement(line: str) -> Requirement:
    return Requirement(line.partition("#")[0])


def _locked(pair: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Return what is locked by its name, with the lines that follow: hashes and whom it is here for."""
    found: dict[str, tuple[Requirement, list[str]]] = {}
    following: list[str] = []
    for line in (ROOT / f"{pair}.txt").read_text().splitlines():
        if line.startswith("    "):
            following.append(line.strip(" \\"))
        elif not line.startswith("#"):
            following = []
            requirement = Requirement(line.strip(" \\"))
            found[canonicalize_name(requirement.name)] = (requirement, following)
    return found


@pytest.mark.parametrize("pair", PAIRS)
def test_what_is_named_by_hand_is_locked_in_the_same_version(pair: str) -> None:
    locked = _locked(pair)
    for named in map(_requirement, _named(pair)):
        requirement, _ = locked[canonicalize_name(named.name)]
        assert requirement.specifier == named.specifier
        assert {canonicalize_name(f"{named.name}-{extra}") for extra in named.extras} <= set(locked)


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_is_locked_for_a_line_that_is_gone(pair: str) -> None:
    wanted = {name for name, (_, lines) in _locked(pair).items() if any(f"-r {pair}.in" in line for line in lines)}
    assert wanted == {canonicalize_name(_requirement(line).name) for line in _named(pair)}


@pytest.mark.parametrize("pair", PAIRS)
def test_every_package_is_locked_to_one_version_by_its_hashes(pair: str) -> None:
    for requirement, lines in _locked(pair).values():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert any(line.startswith("--hash=sha256:") for line in lines), requirement


@pytest.mark.parametrize("pair", PAIRS)
def test_every_line_by_hand_says_what_it_is_here_for(pair: str) -> None:
    assert [line for line in _named(pair) if "  # " not in line] == []


@pytest.mark.parametrize("name", [f"{pair}.{kind}" for pair in PAIRS for kind in ("in", "txt")])
def test_the_files_name_no_place_to_fetch_from(name: str) -> None:
    text = (ROOT / name).read_text()
    assert [word for word in ("://", "index-url", "find-links", " @ ") if word in text] == []


def test_what_the_tests_need_of_what_runs_is_the_version_that_runs() -> None:
    runs, tests = _locked("requirements"), _locked("requirements-dev")
    both = runs.keys() & tests
    assert {name: str(tests[name][0].specifier) for name in both} == {
        name: str(runs[name][0].specifier) for name in both
    }


def test_what_the_sandbox_needs_is_locked_because_it_is_installed_without_its_needs() -> None:
    project = tomllib.loads((ROOT / "razorpay-sandbox" / "pyproject.toml").read_text())
    locked = _locked("requirements")
    for line in (*project["project"]["dependencies"], *project["build-system"]["requires"]):
        needed = Requirement(line)
        [pin] = locked[canonicalize_name(needed.name)][0].specifier
        assert needed.specifier.contains(pin.version), line


def test_what_is_installed_by_the_locks_lacks_nothing() -> None:
    """Whatever is installed finds what it needs, in a version it takes: pip was told not to look for it."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
