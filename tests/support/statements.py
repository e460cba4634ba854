"""What is asked of the database."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from checkout_app.core import database
from checkout_app.core.postgres import Postgres, PostgresWire
from checkout_app.core.session import Wire
from checkout_app.core.sqlite import SqliteWire

Asked = dict[str, Sequence[Any]]
"""Statements, and for each the values that it was asked with first."""


@contextmanager
def reading() -> Iterator[list[str]]:
    """Collect the statements with which this process reads during a block, outside of transactions that write."""
    seen: list[str] = []

    def note(wire: Any, statement: str, _values: Sequence[Any]) -> None:
        if wire._begin not in {"BEGIN", "BEGIN IMMEDIATE"}:  # noqa: SLF001 - nobody else wants to know
            seen.append(statement)

    with _listening(note):
        yield seen


@contextmanager
def asking() -> Iterator[Asked]:
    """Collect every statement about rows that this process makes during a block."""
    asked: Asked = {}

    def note(_wire: Wire, statement: str, values: Sequence[Any]) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            asked.setdefault(statement, values)

    with _listening(note):
        yield asked


@asynccontextmanager
async def trips() -> AsyncIterator[list[str]]:
    """Collect what PostgreSQL is sent during a block and has to answer, whatever it is."""
    sent: list[str] = []
    connect = Postgres._connect  # noqa: SLF001

    async def connect_and_listen(pool: Postgres) -> Any:
        connection = await connect(pool)
        connection.add_query_logger(lambda record: sent.append(record.query))
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Postgres, "_connect", connect_and_listen)
        await database.dispose()
        yield sent
        await database.dispose()


@contextmanager
def _listening(note: Callable[[Wire, str, Sequence[Any]], None]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for wire in (PostgresWire, SqliteWire):
            for name in ("fetch", "execute"):
                patch.setattr(wire, name, _heard(getattr(wire, name), note))
        yield


def _heard(method: Callable[..., Any], note: Callable[[Wire, str, Sequence[Any]], None]) -> Callable[..., Any]:
    async def hear(wire: Wire, text: str, values: Sequence[Any]) -> Any:
        note(wire, text, values)
        return await method(wire, text, values)

    return hear
