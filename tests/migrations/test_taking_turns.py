"""Programs that migrate one database at once take turns: one does it, and the others find it done."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from tests.migrations.conftest import ON_EITHER
from tests.migrations.filling import fill
from tests.migrations.test_migrations import _alembic, _counts, _tables
from tests.support.processes import beginning, operate
from tests.support.waiting import PATIENCE, until

PROGRAMS = 4
BEGINS = "Bringing the database up to date\n"
WAITS = "Another program is at it; waiting for it\n"
KEY = 0x636865636B6F7574


@pytest.fixture
def settings(empty_database_url: str, tmp_path: Path) -> Mapping[str, str]:
    """The settings of a shop on an empty database."""
    return {"DATA_DIR": str(tmp_path), "DATABASE_URL": empty_database_url}


def _at_once(settings: Mapping[str, str]) -> None:
    with ThreadPoolExecutor(PROGRAMS) as pool:
        ended: list[CompletedProcess[str]] = list(pool.map(lambda _: operate(settings, "migrate"), range(PROGRAMS)))
    assert [program.returncode for program in ended] == [0] * PROGRAMS, [program.stderr[-2000:] for program in ended]
    [which] = {program.stdout.splitlines()[-1] for program in ended}
    assert which.startswith("This is the shop ")
    assert {program.stdout.removesuffix(f"{which}\n") for program in ended} <= {BEGINS, BEGINS + WAITS}


@ON_EITHER
def test_an_empty_database_is_migrated_once(settings: Mapping[str, str], tmp_path: Path) -> None:
    _at_once(settings)
    assert "No new upgrade operations detected" in _alembic(settings["DATABASE_URL"], tmp_path, "check")


def test_a_shop_of_an_older_revision_is_migrated_once(settings: Mapping[str, str], tmp_path: Path) -> None:
    url = settings["DATABASE_URL"]
    _alembic(url, tmp_path, "upgrade", "0002")
    fill(url)
    before = _counts(url, ["orders", "payments", "refunds", "users"])
    _at_once(settings)
    assert "No new upgrade operations detected" in _alembic(url, tmp_path, "check")
    assert _counts(url, before) == before


def test_whoever_waits_says_so_for_as_long_as_it_takes_and_then_goes_on(
    settings: Mapping[str, str], tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with _having_the_turn(settings["DATABASE_URL"]):
        waiting = beginning(settings, "migrate", said=said)
        until(lambda: said.exists() and WAITS in said.read_text(), "the sentence")
        assert _tables(settings["DATABASE_URL"]) == set()
    waiting.join(PATIENCE)
    assert waiting.exitcode == 0
    assert "orders" in _tables(settings["DATABASE_URL"])


@contextmanager
def _having_the_turn(database_url: str) -> Iterator[None]:
    """Be the one who migrates for the length of a block."""
    if database_url.startswith("sqlite"):
        descriptor = os.open(Path(database_url.removeprefix("sqlite:///")).parent, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.close(descriptor)
    else:
        with psycopg.connect(database_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
            yield
