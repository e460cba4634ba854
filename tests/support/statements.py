"""What is asked of the database."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event

from checkout_app.core import database

Asked = dict[str, Any]
"""Statements, and for each the parameters that it was asked with first."""


@asynccontextmanager
async def reading() -> AsyncIterator[list[str]]:
    """Collect the statements with which this process reads during a block."""
    async with database.read() as session, database.ask() as question:
        engines = (session.get_bind(), question.get_bind())
    seen: list[str] = []
    with _listening(engines, lambda statement, _: seen.append(statement)):
        yield seen


@asynccontextmanager
async def asking() -> AsyncIterator[Asked]:
    """Collect every statement about rows that this process makes during a block."""
    async with database.read() as session, database.ask() as question:
        engines = {session.get_bind(), question.get_bind()}
    async with database.write() as session:
        engines.add(session.get_bind())
    asked: Asked = {}

    def note(statement: str, parameters: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            asked.setdefault(statement, parameters)

    with _listening(engines, note):
        yield asked


@contextmanager
def _listening(engines: Iterable[Any], note: Callable[[str, Any], None]) -> Iterator[None]:
    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
        note(statement, parameters[0] if many else parameters)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)
