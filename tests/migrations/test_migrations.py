"""Migrations go up and down on both databases, and make exactly the tables that the models describe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from tests.conftest import new_database
from tests.support.processes import ROOT


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own for one test."""
    return new_database(request.param, request, tmp_path)


def _alembic(database_url: str, folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _tables(database_url: str) -> set[str]:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_up_down_and_up_again(empty_database_url: str, tmp_path: Path) -> None:
    _alembic(empty_database_url, tmp_path, "upgrade", "head")
    assert {"users", "products", "orders", "payments", "refunds"} <= _tables(empty_database_url)
    _alembic(empty_database_url, tmp_path, "downgrade", "base")
    assert _tables(empty_database_url) == {"alembic_version"}
    _alembic(empty_database_url, tmp_path, "upgrade", "head")


def test_the_migrated_tables_are_what_the_models_describe(empty_database_url: str, tmp_path: Path) -> None:
    _alembic(empty_database_url, tmp_path, "upgrade", "head")
    assert "No new upgrade operations detected" in _alembic(empty_database_url, tmp_path, "check")
