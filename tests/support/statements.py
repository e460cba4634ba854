"""Count what is asked of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from checkout_app.core import database


@asynccontextmanager
async def reading() -> AsyncIterator[list[str]]:
    """Collect the statements with which this process reads during a block."""
    async with database.read() as session, database.ask() as question:
        engines = (session.get_bind(), question.get_bind())
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
