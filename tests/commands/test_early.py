"""What the program asks of the database before it serves: never an empty shelf for a shop that could not be asked."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.migrations.test_migrations import _alembic
from tests.support.processes import free_port, operate, run


def _import(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return run(["tests/commands/shelf.py"], environment)


def test_in_development_the_shelf_is_empty_until_the_tables_are_there(
    development: Mapping[str, str], empty_database_url: str, tmp_path: Path
) -> None:
    settings = {**development, "DATABASE_URL": empty_database_url}
    assert _import(settings).stdout == "0\n"
    assert not (tmp_path / "shop.db").exists()
    _alembic(empty_database_url, tmp_path, "upgrade", "0002")
    assert _import(settings).stdout == "0\n"
    assert operate(settings, "migrate").returncode == 0
    assert operate(settings, "demo").returncode == 0
    assert int(_import(settings).stdout) > 0


def test_in_production_it_has_to_be_a_shop_of_this_revision(
    live: Mapping[str, str], empty_database_url: str, tmp_path: Path
) -> None:
    settings = {**live, "DATABASE_URL": empty_database_url}
    refused = _import(settings)
    assert (refused.returncode, refused.stderr.startswith("There is no shop in ")) == (1, True)
    _alembic(empty_database_url, tmp_path, "upgrade", "0002")
    refused = _import(settings)
    assert (refused.returncode, refused.stderr.startswith("The shop in ")) == (1, True)
    assert operate(settings, "migrate").returncode == 0
    assert _import(settings).stdout == "0\n"


@pytest.mark.parametrize("environment", ["development", "live"])
def test_a_database_that_is_away_ends_the_program_in_words(request: pytest.FixtureRequest, environment: str) -> None:
    url = f"postgresql://clerk:hidden@127.0.0.1:{free_port()}/shop"
    refused = _import({**request.getfixturevalue(environment), "DATABASE_URL": url})
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.startswith("Nothing can be asked of the database postgresql://clerk@127.0.0.1:")


def test_a_database_that_answers_only_at_first_ends_it_in_words_too(
    development: Mapping[str, str], clerks_shop_url: str
) -> None:
    refused = _import({**development, "DATABASE_URL": clerks_shop_url})
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert "permission denied for table " in refused.stderr
