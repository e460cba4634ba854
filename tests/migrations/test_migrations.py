"""Migrations go up on both databases, and make exactly the tables and rules that the models describe."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Connection, inspect, text
from sqlmodel import SQLModel

import checkout_app.server.api  # noqa: F401 - all tables are known then
from tests.conftest import new_database
from tests.migrations.filling import EXPECTED, FILLED, fill
from tests.support.databases import blocking_engine
from tests.support.processes import ROOT, run


def _alembic(database_url: str, folder: Path, *arguments: str, status: int = 0) -> str:
    done = run(["-m", "alembic", *arguments], {"DATABASE_URL": database_url, "DATA_DIR": str(folder)})
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    engine = blocking_engine(database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _tables(database_url: str) -> set[str]:
    with _connected(database_url) as connection:
        return set(inspect(connection).get_table_names())


def _counts(database_url: str, tables: Iterable[str]) -> dict[str, int]:
    with _connected(database_url) as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - our names
            for table in tables
        }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database in which all migrations have run, to look at."""
    folder = tmp_path_factory.mktemp("migrated")
    url = new_database(request.param, request, folder)
    _alembic(url, folder, "upgrade", "head")
    return url


def test_the_migrated_tables_are_what_the_models_describe(migrated: str, tmp_path: Path) -> None:
    assert "No new upgrade operations detected" in _alembic(migrated, tmp_path, "check")


def test_the_migrated_tables_have_every_rule_of_the_models(migrated: str) -> None:
    wanted = {
        table.name: {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        for table in SQLModel.metadata.sorted_tables
    }
    with _connected(migrated) as connection:
        inspected = inspect(connection)
        found = {table: {str(rule["name"]) for rule in inspected.get_check_constraints(table)} for table in wanted}
    assert found == wanted
    assert found["variants"], "the models have none any more"


def test_the_migrated_indexes_are_those_of_the_models_each_with_its_condition(migrated: str) -> None:
    with _connected(migrated) as connection:
        inspected, kind = inspect(connection), connection.dialect.name
        found = {
            str(index["name"]): (_plain(index.get("dialect_options", {}).get(f"{kind}_where")), index["column_names"])
            for table in SQLModel.metadata.sorted_tables
            for index in inspected.get_indexes(table.name)
            if "duplicates_constraint" not in index
        }
    wanted = {
        str(index.name): (_plain(index.dialect_options[kind]["where"]), [column.name for column in index.columns])
        for table in SQLModel.metadata.sorted_tables
        for index in table.indexes
    }
    assert found == wanted


def _plain(condition: object) -> str:
    """Write a condition as the models do; PostgreSQL adds types and parentheses."""
    return ("" if condition is None else str(condition)).replace("::text", "").replace("(", "").replace(")", "")


def test_every_table_of_work_has_its_index() -> None:
    tables = [table for table in SQLModel.metadata.sorted_tables if "due_at" in table.columns]
    assert "orders" in {table.name for table in tables}
    for table in tables:
        [index] = [index for index in table.indexes if index.columns.keys() == ["due_at"]]
        assert str(index.dialect_options["sqlite"]["where"]) == "due_at IS NOT NULL"


def test_going_down_is_refused_in_words(migrated: str, tmp_path: Path) -> None:
    refused = _alembic(migrated, tmp_path, "downgrade", "-1", status=1)
    assert "Restore the backup that was made before the upgrade." in refused
    assert "orders" in _tables(migrated)


def test_every_revision_that_says_so_says_it_of_itself() -> None:
    files = (ROOT / "alembic" / "versions").glob("*.py")
    said = {file.name[:4]: re.findall(r"no way down from revision (\d+)", file.read_text()) for file in files}
    assert [revision for revision, named in said.items() if named not in ([], [revision])] == []


def test_a_filled_database_of_revision_0002_can_be_made(empty_database_url: str, tmp_path: Path) -> None:
    _alembic(empty_database_url, tmp_path, "upgrade", "0002")
    fill(empty_database_url)
    filled = json.loads(FILLED.read_text(encoding="utf-8"))
    assert filled.keys() == _tables(empty_database_url) - {"alembic_version"}
    assert _counts(empty_database_url, filled) == {table: len(rows) for table, rows in filled.items()}


def test_orders_whose_money_is_on_its_way_back_are_followed_again(empty_database_url: str, tmp_path: Path) -> None:
    _alembic(empty_database_url, tmp_path, "upgrade", "0002")
    fill(empty_database_url)
    _alembic(empty_database_url, tmp_path, "upgrade", "0005")
    with _connected(empty_database_url) as connection:
        order_id = connection.execute(text("SELECT min(order_id) FROM refunds")).scalar_one()
        connection.execute(text("UPDATE orders SET due_at = NULL"))
        connection.execute(text("UPDATE refunds SET status = 'processed'"))
        pending = text("UPDATE refunds SET status = 'pending' WHERE order_id = :order_id")
        connection.execute(pending, {"order_id": order_id})
        connection.commit()
    _alembic(empty_database_url, tmp_path, "upgrade", "head")
    with _connected(empty_database_url) as connection:
        due = connection.execute(text("SELECT id FROM orders WHERE due_at IS NOT NULL")).scalars()
        assert list(due) == [order_id]


def test_of_every_order_that_is_filled_in_is_told_what_it_means() -> None:
    filled, expected = (json.loads(path.read_text(encoding="utf-8")) for path in (FILLED, EXPECTED))
    assert [order["id"] for order in expected["orders"]] == [row["id"] for row in filled["orders"]]
    assert len({order["label"] for order in expected["orders"]}) == len(expected["orders"])
    assert expected["held"] == {row["id"]: row["held"] for row in filled["products"]}
