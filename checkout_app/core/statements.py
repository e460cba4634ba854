"""Statements as drivers take them: their text, their values in order, and what becomes of an answer's rows.

SQLAlchemy writes the text and nothing else: carrying a statement out through it costs several times what the database
needs for it. A statement that is asked again and again is a `Statement`, written once and then only filled in.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import JSON, Boolean, DateTime, Dialect, Executable
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.orm import configure_mappers
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from checkout_app.core.errors import InvalidInput

Row = TypeVar("Row")
Values = Mapping[str, Any]
Decoder = Callable[[Any], Any]

SQLITE: Final[Dialect] = pysqlite.dialect()
POSTGRESQL: Final[Dialect] = asyncpg.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing in an answer's row: a whole row of a table, or a single value."""

    table: type[SQLModel] | None
    key: str
    """The part that tells one from another."""
    names: Sequence[str]
    decoders: Mapping[str, Decoder]
    """Of the parts that are not taken as they come."""
    place: slice
    """Where its parts are in the row."""

    def read(self, values: Sequence[Any]) -> dict[str, Any]:
        """Find and name the parts in a row."""
        parts = dict(zip(self.names, values[self.place], strict=True))
        for name, decoder in self.decoders.items():
            if parts[name] is not None:
                parts[name] = decoder(parts[name])
        return parts


class Written:
    """A statement in one database's words."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        self._compiled = statement.compile(dialect=dialect)
        self._filled: dict[tuple[int, ...], tuple[str, Sequence[str], Values]] = {}
        self.scalar = isinstance(statement, SelectOfScalar)
        """Whether a row of the answer is one thing by itself, not a tuple."""
        described = statement.column_descriptions if statement.is_select else _returned(statement)
        self.columns: list[Column] = []
        """What a row of the answer consists of; nothing where there is no answer."""
        for description in described:
            begin = self.columns[-1].place.stop if self.columns else 0
            self.columns.append(_column(description, dialect, begin))
        self.decoders = None if self.scalar else _places(self.columns)
        """Of the values that are not taken as they come, by their places; None where a row is not only values."""

    def fill(self, values: Values) -> tuple[str, list[Any]]:
        """Return the text and the values in the order of their places; the text is another one for longer lists."""
        lengths = tuple([len(value) for value in values.values() if isinstance(value, list)])
        given = _flat(values) if lengths else values
        if (known := self._filled.get(lengths)) is None:
            state = self._compiled.construct_expanded_state(dict(values) or None)
            # What is given is given each time: a value that somebody forgets must not be another caller's.
            own = {name: value for name, value in state.parameters.items() if name not in given}
            known = self._filled[lengths] = (state.statement, tuple(state.positiontup or ()), own)
        text, places, constants = known
        filled = {**constants, **given}
        return text, [filled[place] for place in places]

    def plain(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Return an answer's row that is only values."""
        if not self.decoders:
            return tuple(values)
        decoded = list(values)
        for place, decoder in self.decoders.items():
            if decoded[place] is not None:
                decoded[place] = decoder(decoded[place])
        return tuple(decoded)


class Statement(Generic[Row]):
    """A statement with a `bindparam` for each value that differs from time to time; a list for one that is `in_`."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._written: dict[str, Written] = {}

    def written(self, dialect: Dialect) -> Written:
        """Return it in a database's words."""
        if (known := self._written.get(dialect.name)) is None:
            known = self._written[dialect.name] = Written(self._statement, dialect)
        return known


@dataclass(frozen=True, slots=True)
class TableText:
    """What is said to one database about single rows of a table."""

    name: str
    columns: Sequence[str]
    key: str
    decoders: Mapping[str, Decoder]
    guarded: frozenset[str]
    """Columns that change together or not at all: only where all of them are what they were."""
    place: int
    """Where the table stands when each comes after those it refers to."""


@cache
def table_text(table: type[SQLModel], dialect_name: str) -> TableText:
    """Describe a table once for each kind of database."""
    configure_mappers()  # or a row that is made without its constructor can't be read
    described = table.__table__  # type: ignore[attr-defined]
    dialect = SQLITE if dialect_name == SQLITE.name else POSTGRESQL
    [key] = described.primary_key
    return TableText(
        name=described.name,
        columns=tuple(column.name for column in described.columns),
        key=key.name,
        decoders=_decoders({column.name: column.type for column in described.columns}, dialect),
        guarded=frozenset(getattr(table, "guarded", ())),
        place=SQLModel.metadata.sorted_tables.index(described),
    )


def row_of(table: type[Row], values: dict[str, Any]) -> Row:
    """Make a table's row of values that come from the database and need no check."""
    row = table.__new__(table)
    row.__dict__.update(values)
    return row


def encoded(values: Iterable[Any], dialect: Dialect) -> list[Any]:
    """Turn values into what a driver keeps; raises InvalidInput for text that no database keeps."""
    return [
        value
        if value is None or (kind := type(value)) is int or (kind is str and value.isprintable())
        else _encoded(value, dialect)
        for value in values
    ]


def _encoded(value: Any, dialect: Dialect) -> Any:
    kind = type(value)
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and _has_half_character(value)):
            raise InvalidInput({"text": "This text has characters that can't be kept."})
        return value
    if kind is datetime:
        return _moment(value, dialect)
    return json.dumps(value) if isinstance(value, dict | list) else value


def _moment(value: datetime, dialect: Dialect) -> datetime | str:
    if value.tzinfo is None:
        raise ValueError("a moment without its time zone is none")
    if dialect is POSTGRESQL:
        return value
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _returned(statement: Any) -> Sequence[Values]:
    """Describe what a change answers with."""
    return statement.returning_column_descriptions if statement.is_dml else ()


def _column(description: Values, dialect: Dialect, begin: int) -> Column:
    """Describe one thing whose parts begin at a place of the row."""
    expression = description["expr"]
    if isinstance(expression, type) and issubclass(expression, SQLModel):
        text = table_text(expression, dialect.name)
        return Column(expression, text.key, text.columns, text.decoders, slice(begin, begin + len(text.columns)))
    decoders = _decoders({"value": description["type"]}, dialect)
    return Column(None, "value", ["value"], decoders, slice(begin, begin + 1))


def _places(columns: Sequence[Column]) -> Mapping[int, Decoder] | None:
    """Tell the decoders by place in the row; None when there is a row of a table among its parts."""
    if any(column.table for column in columns):
        return None
    return {column.place.start: decoder for column in columns for decoder in column.decoders.values()}


def _decoders(types: Values, dialect: Dialect) -> dict[str, Decoder]:
    found = {name: _decoder(kind, dialect) for name, kind in types.items()}
    return {name: decoder for name, decoder in found.items() if decoder is not None}


def _decoder(kind: Any, dialect: Dialect) -> Decoder | None:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, JSON):
        return json.loads
    if dialect is SQLITE and isinstance(kind, DateTime):
        return _read_moment
    return bool if dialect is SQLITE and isinstance(kind, Boolean) else None


def _read_moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def _flat(values: Values) -> dict[str, Any]:
    """Give each member of a list the name that it has in the text."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list):
            flat |= {f"{name}_{place}": member for place, member in enumerate(value, start=1)}
        else:
            flat[name] = value
    return flat
