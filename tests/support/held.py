"""A row of PostgreSQL that somebody holds, so that what others do meets in a certain order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from checkout_app.core import database
from tests.support.waiting import until

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@contextmanager
def held(line_id: str) -> Iterator[Callable[[int], Awaitable[None]]]:
    """Hold a line of a cart for the length of a block; yields what waits until so many others wait for something."""
    with database.blocking() as connection:

        async def wait_for(number: int) -> None:
            await asyncio.to_thread(until, lambda: connection.scalar(_WAITING) == number, f"{number} to wait")

        connection.execute(text("SELECT id FROM cart_lines WHERE id = :line FOR NO KEY UPDATE"), {"line": line_id})
        yield wait_for
