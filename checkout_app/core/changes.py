"""Changes of single rows, and several of them as one statement.

PostgreSQL makes any number of changes in one round trip: each becomes a part of one statement, which is all or nothing.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Dialect
from sqlalchemy.exc import IntegrityError

from checkout_app.core.statements import Statement, TableText, Values, encoded

_AS_LONG_AS: Final = 1024
"""How many texts are kept: there is one for each set of columns that ever change together."""
_FIRST: Final = -1
"""Whoever changes an order has it before anything that belongs to it: no two of them wait for each other."""
_PLACE: Final = re.compile(r"\$(\d+)")


class Taken(IntegrityError):
    """Another row has this key already."""


class Lost(Exception):
    """A change found no row that it could be made to; none of those that came with it is made either."""


class Change(NamedTuple):
    """One row to write: a text with a ? for each value."""

    place: int
    """Changes are made in this order, so that a row comes after those it refers to."""
    text: str
    values: Sequence[Any]
    must: bool = True
    """Whether it is an error when there is no such row, or already one."""


def insertion(table: TableText, row: Mapping[str, Any], dialect: Dialect) -> Change:
    """Return the change that makes a row."""
    return Change(table.place, _insert(table.name, table.columns), encoded(map(row.get, table.columns), dialect))


def update_of(table: TableText, changed: Values, having: Values, dialect: Dialect) -> Change:
    """Return the change that gives some columns new values, of the row that has these."""
    values = encoded((*changed.values(), *having.values()), dialect)
    place = _FIRST if table.guarded else table.place
    return Change(place, _update(table.name, tuple(changed), tuple(having)), values)


def unless_known(insert: Change) -> Change:
    """Return the change that makes a row unless one with the same key is there."""
    return insert._replace(text=f"{insert.text} ON CONFLICT DO NOTHING", must=False)


def guarded(table: TableText, statement: Statement[Any], values: Values, dialect: Dialect) -> Change:
    """Return a change of one row that says itself which one, and under which condition."""
    text, given = statement.written(dialect).fill(values)
    text, order = _unnumbered(text)
    return Change(table.place, text, encoded([given[place] for place in order] if order else given, dialect))


@lru_cache(_AS_LONG_AS)
def merged(changes: tuple[tuple[str, bool], ...]) -> str:
    """Return one statement that makes several changes; it fails, and none is made, when one that must be made is not.

    It divides by zero then. PostgreSQL makes the changes in the order in which they are counted.
    """
    parts = ", ".join(f"c{place} AS ({text} RETURNING 1)" for place, (text, _) in enumerate(changes))
    made = [f"(SELECT count(*) FROM c{place}) = 1" for place, (_, must) in enumerate(changes) if must]  # noqa: S608 - our names
    return numbered(f"WITH {parts} SELECT 1 / ({' AND '.join(made) or 'true'})::int")


def numbered(text: str) -> str:
    """Name the places for values as PostgreSQL does."""
    first, *rest = text.split("?")
    return first + "".join(f"${place}{words}" for place, words in enumerate(rest, start=1))


@lru_cache(_AS_LONG_AS)
def _unnumbered(text: str) -> tuple[str, Sequence[int]]:
    """Put a ? for each place that PostgreSQL numbers, and return which value each of them is."""
    return _PLACE.sub("?", text), [int(place) - 1 for place in _PLACE.findall(text)]


@lru_cache(_AS_LONG_AS)
def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our names


@lru_cache(_AS_LONG_AS)
def _update(table: str, columns: Sequence[str], having: Sequence[str]) -> str:
    changes, where = (", ".join(f"{name} = ?" for name in columns)), " AND ".join(f"{name} = ?" for name in having)
    return f"UPDATE {table} SET {changes} WHERE {where}"  # noqa: S608 - our names
