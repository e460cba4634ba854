"""A database of another revision than the program's is refused in words, and brought up to date only when asked to."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.conftest import connected
from tests.migrations.test_migrations import _alembic
from tests.support.processes import operate


@pytest.fixture
def older(live: Mapping[str, str], empty_database_url: str, tmp_path: Path) -> Mapping[str, str]:
    """The settings of a shop whose database is of an older revision."""
    _alembic(empty_database_url, tmp_path, "upgrade", "0002")
    return {**live, "DATABASE_URL": empty_database_url}


@pytest.fixture
def newer(live: Mapping[str, str], empty_database_url: str) -> Mapping[str, str]:
    """The settings of a shop whose database a later program has migrated."""
    settings = {**live, "DATABASE_URL": empty_database_url}
    assert operate(settings, "migrate").returncode == 0
    with connected(empty_database_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    return settings


def test_an_older_database_is_to_be_migrated_first(older: Mapping[str, str]) -> None:
    for command in ("check", "demo"):
        done = operate(older, command)
        assert done.returncode == 3, command
        assert done.stderr.startswith("The shop in ")
        assert done.stderr.endswith(
            " is older than this program. Make a backup, then run `python -m checkout_app.cli migrate`.\n"
        )
    assert operate(older, "migrate").returncode == 0
    assert operate(older, "tax-scheme", "regular").returncode == 0


def test_a_newer_database_is_left_to_the_program_that_made_it(newer: Mapping[str, str]) -> None:
    for command in ("check", "run", "migrate"):
        done = operate(newer, command)
        assert done.returncode == 3, command
        assert done.stderr.startswith("This program is older than the shop in ")
        assert done.stderr.count("\n") == 1
    with connected(newer["DATABASE_URL"]) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "9999"
