"""Changes of single rows, and several of them as one statement.

PostgreSQL makes any number of changes in one round trip: each becomes a part of one statement, which is all or nothing.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect

from checkout_app.core.statements import POSTGRESQL, TableText, encode

_AS_LONG_AS = 1024
"""How many texts are kept: there is one for each set of columns that ever change together."""


class Change(NamedTuple):
    """One row to write: a text with a ? for each value."""

    place: int
    """Changes are made in this order, so that a row comes after those it refers to."""
    text: str
    values: Sequence[Any]


def insertion(table: TableText, row: Mapping[str, Any], dialect: Dialect) -> Change:
    """Return the change that makes a row."""
    return Change(
        table.place, _insert(table.name, table.columns), [encode(row.get(name), dialect) for name in table.columns]
    )


def update_of(table: TableText, changed: Mapping[str, Any], key: Sequence[Any], dialect: Dialect) -> Change:
    """Return the change that gives some columns of the row with this key their new values."""
    values = [encode(value, dialect) for value in (*changed.values(), *key)]
    return Change(table.place, _update(table.name, tuple(changed), table.key), values)


@lru_cache(_AS_LONG_AS)
def unless_known(insert: str, dialect_name: str) -> str:
    """Return the text that makes a row unless it is there, and answers something if it did."""
    text = f"{insert} ON CONFLICT DO NOTHING RETURNING 1"
    return numbered(text) if dialect_name == POSTGRESQL.name else text


@lru_cache(_AS_LONG_AS)
def merged(texts: tuple[str, ...]) -> str:
    """Return one statement that makes several changes; it fails, and none is made, when one of them finds no row."""
    parts = ", ".join(f"c{place} AS ({text} RETURNING 1)" for place, text in enumerate(texts))
    each = " AND ".join(f"(SELECT count(*) FROM c{place}) = 1" for place in range(len(texts)))  # noqa: S608 - our names
    return numbered(f"WITH {parts} SELECT 1 / ({each})::int")


def numbered(text: str) -> str:
    """Name the places for values as PostgreSQL does."""
    first, *rest = text.split("?")
    return first + "".join(f"${place}{words}" for place, words in enumerate(rest, start=1))


@lru_cache(_AS_LONG_AS)
def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our names


@lru_cache(_AS_LONG_AS)
def _update(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    changes, where = (", ".join(f"{name} = ?" for name in columns)), " AND ".join(f"{name} = ?" for name in key)
    return f"UPDATE {table} SET {changes} WHERE {where}"  # noqa: S608 - our names
