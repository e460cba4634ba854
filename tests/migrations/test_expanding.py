"""Migrations only add: the program of the revision before goes on reading and writing while a release is under way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from tests.migrations.test_migrations import _alembic, _connected
from tests.support.processes import ROOT

SINCE = "0005"
"""The revision from which on each step has to leave the one before running."""

STRICTER = "number TEXT NOT NULL, amount TEXT CHECK (amount > 0), tax INTEGER NOT NULL"
Schema = dict[str, dict[str, Any]]


def test_each_step_leaves_the_program_of_the_revision_before_running(empty_database_url: str, tmp_path: Path) -> None:
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    steps = [script.revision for script in scripts.iterate_revisions("head", SINCE)][::-1]
    _alembic(empty_database_url, tmp_path, "upgrade", SINCE)
    before = _schema_of(empty_database_url)
    for step in steps:
        _alembic(empty_database_url, tmp_path, "upgrade", step)
        after = _schema_of(empty_database_url)
        assert _in_the_way(before, after) == [], step
        before = after
    assert steps


def _schema_of(database_url: str) -> Schema:
    with _connected(database_url) as connection:
        return _schema(connection)


def _schema(connection: Connection) -> Schema:
    """Return the columns of each table, and what it demands of its rows."""
    inspected = inspect(connection)
    return {
        table: {
            "columns": {column["name"]: column for column in inspected.get_columns(table)},
            "demands": {
                *(str(check["sqltext"]) for check in inspected.get_check_constraints(table)),
                *(f"unique {index['column_names']}" for index in inspected.get_indexes(table) if index["unique"]),
                *(f"unique {unique['column_names']}" for unique in inspected.get_unique_constraints(table)),
                *(f"refers {key['constrained_columns']}" for key in inspected.get_foreign_keys(table)),
            },
        }
        for table in inspected.get_table_names()
    }


def _in_the_way(before: Schema, after: Schema) -> Sequence[str]:
    """Name what would stop a program that knows the schema before."""
    found = [f"{table} is gone" for table in before if table not in after]
    for table in before.keys() & after.keys():
        old, new = before[table]["columns"], after[table]["columns"]
        found += [f"{table}.{name} is gone" for name in old if name not in new]
        for name, column in new.items():
            known = old.get(name)
            if known is None and not column["nullable"] and column["default"] is None:
                found.append(f"{table}.{name} has to be given")
            if known is not None and known["nullable"] and not column["nullable"]:
                found.append(f"{table}.{name} has to be given")
            if known is not None and str(known["type"]) != str(column["type"]):
                found.append(f"{table}.{name} has another type")
        found += [f"{table} demands more: {rule}" for rule in after[table]["demands"] - before[table]["demands"]]
    return sorted(found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("CREATE TABLE notes (id INTEGER PRIMARY KEY)", []),
        ("ALTER TABLE orders ADD COLUMN note TEXT", []),
        ("ALTER TABLE orders ADD COLUMN note TEXT NOT NULL DEFAULT ''", []),
        ("CREATE INDEX ix ON orders (number)", []),
        ("DROP TABLE orders", ["orders is gone"]),
        ("ALTER TABLE orders DROP COLUMN amount", ["orders.amount is gone"]),
        ("ALTER TABLE orders RENAME COLUMN amount TO total", ["orders.amount is gone"]),
        ("CREATE UNIQUE INDEX ix ON orders (number)", ["orders demands more: unique ['number']"]),
        (
            f"DROP TABLE orders; CREATE TABLE orders ({STRICTER})",
            [
                "orders demands more: amount > 0",
                "orders.amount has another type",
                "orders.number has to be given",
                "orders.tax has to be given",
            ],
        ),
    ],
)
def test_what_is_in_the_way_is_named(change: str, expected: Sequence[str]) -> None:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("CREATE TABLE orders (number TEXT, amount INTEGER)"))
        before = _schema(connection)
        for statement in change.split("; "):
            connection.execute(text(statement))
        assert _in_the_way(before, _schema(connection)) == expected
