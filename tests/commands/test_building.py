"""Builds: one at a time, whole or not at all, none in the way of whoever is served, and a broken one heals."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from checkout_app.server import builds
from tests.support.exporter.reflex.__main__ import FAIL, HOLD
from tests.support.processes import ROOT, beginning, operate
from tests.support.waiting import PATIENCE, until

DAY = 24 * 60 * 60
WAITS = "Another program builds pages; waiting for it\n"
FILES = Path("build", "client", "404.html")
MITTI, KULHAD, DIYA, THROW, LAMP = (f"https://{name}.example/" for name in ("mitti", "kulhad", "diya", "throw", "lamp"))
"""Where the payment's script may come from, which every page is built with."""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """The folder of the builds."""
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(development: Mapping[str, str], pages: Path) -> Mapping[str, str]:
    """The settings of a shop whose pages are made by a stand-in, and say where that script is."""
    stand_in = {"PYTHONPATH": str(ROOT / "tests/support/exporter"), "NPM_CONFIG_REGISTRY": "none"}
    return {**development, **stand_in, "REFLEX_WEB_WORKDIR": str(pages), "RAZORPAY_CHECKOUT_JS_URL": MITTI}


def _served(pages: Path) -> str:
    return (pages / "current" / FILES).read_text()


def _exports(pages: Path) -> list[int]:
    told = pages / "exports"
    return [int(line) for line in told.read_text().split()] if told.exists() else []


def _build(settings: Mapping[str, str], **other: str) -> None:
    done = operate({**settings, **other}, "build")
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _building(settings: Mapping[str, str], pages: Path) -> Iterator[BaseProcess]:
    """Build for the length of a block, at the end of which the build may go on."""
    before = len(_exports(pages))
    (pages / HOLD).touch()
    build = beginning(settings, "build", said=pages / "said")
    try:
        until(lambda: len(_exports(pages)) > before, "the export")
        yield build
    finally:
        (pages / HOLD).unlink(missing_ok=True)
        build.join(PATIENCE)


@contextmanager
def _waiting(settings: Mapping[str, str], pages: Path) -> Iterator[BaseProcess]:
    """Begin another build, which waits at the beginning of a block and has ended after it."""
    said = pages / "said by the other"
    other = beginning(settings, "build", said=said)
    until(lambda: said.exists() and WAITS in said.read_text(), "the other to say that it waits")
    yield other
    other.join(PATIENCE)
    assert other.exitcode == 0, said.read_text()


def test_a_build_becomes_current_when_it_is_whole_and_the_last_one_stays(
    settings: Mapping[str, str], pages: Path
) -> None:
    _build(settings)
    first = (pages / "current").resolve()
    with _building({**settings, "RAZORPAY_CHECKOUT_JS_URL": KULHAD}, pages):
        assert ((pages / "current").resolve(), _served(pages)) == (first, MITTI)
    assert (_served(pages), (first / FILES).read_text()) == (KULHAD, MITTI)


def test_what_has_been_built_already_is_not_built_again(settings: Mapping[str, str], pages: Path) -> None:
    for name in (MITTI, MITTI, KULHAD, MITTI):
        _build(settings, RAZORPAY_CHECKOUT_JS_URL=name)
        assert _served(pages) == name
    assert len(_exports(pages)) == 2


def test_of_two_builds_at_once_one_waits_in_words_and_finds_the_pages_up_to_date(
    settings: Mapping[str, str], pages: Path
) -> None:
    with _building(settings, pages), _waiting(settings, pages):
        (pages / HOLD).unlink()
    assert (pages / "said by the other").read_text().endswith(f"{WAITS}The pages are up to date\n")
    assert (len(_exports(pages)), _served(pages)) == (1, MITTI)


def test_a_build_that_failed_leaves_the_pages_alone_and_the_next_one_heals(
    settings: Mapping[str, str], pages: Path
) -> None:
    _build(settings)
    (pages / FAIL).touch()
    failed = operate({**settings, "RAZORPAY_CHECKOUT_JS_URL": KULHAD}, "build")
    assert (failed.returncode, _served(pages)) == (1, MITTI)
    (pages / FAIL).unlink()
    _build(settings, RAZORPAY_CHECKOUT_JS_URL=KULHAD)
    assert _served(pages) == KULHAD


def test_a_build_that_was_killed_with_all_its_helpers_heals(settings: Mapping[str, str], pages: Path) -> None:
    with _building(settings, pages) as build:
        os.killpg(build.pid or 0, signal.SIGKILL)
    _build(settings)
    assert _served(pages) == MITTI


def test_the_helpers_of_a_killed_build_are_waited_for(settings: Mapping[str, str], pages: Path) -> None:
    with _building(settings, pages) as build:
        build.kill()
        build.join(PATIENCE)
        with _waiting(settings, pages):
            assert len(_exports(pages)) == 1
            (pages / HOLD).unlink()
    assert (len(_exports(pages)), _served(pages)) == (2, MITTI)


def _age(*made: Path) -> None:
    """Let more than a day have gone by since these builds were left."""
    for build in made:
        at = build.stat().st_mtime - DAY - 60
        os.utime(build, (at, at))


def test_builds_go_a_day_after_another_became_current(settings: Mapping[str, str], pages: Path) -> None:
    made = []
    for name in (MITTI, KULHAD, DIYA):
        _build(settings, RAZORPAY_CHECKOUT_JS_URL=name)
        made.append((pages / "current").resolve())
    _build(settings, RAZORPAY_CHECKOUT_JS_URL=THROW)
    assert all(build.exists() for build in made)
    _build(settings, RAZORPAY_CHECKOUT_JS_URL=DIYA)
    _age(*made)
    _build(settings, RAZORPAY_CHECKOUT_JS_URL=LAMP)
    assert [build.exists() for build in made] == [False, False, True], "the last was left a moment ago"


def test_a_build_stays_for_as_long_as_it_is_served(
    settings: Mapping[str, str], pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(builds.WEB_FOLDER, str(pages))
    _build(settings)
    with builds.held() as served:
        _build(settings, RAZORPAY_CHECKOUT_JS_URL=KULHAD)
        _age(served)
        _build(settings, RAZORPAY_CHECKOUT_JS_URL=DIYA)
        assert served.exists()
    _build(settings, RAZORPAY_CHECKOUT_JS_URL=LAMP)
    assert not served.exists()
