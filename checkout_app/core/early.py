"""What is asked of the database before the program serves anybody."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from checkout_app.core import database, migrations
from checkout_app.core.migrations import Standing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings

T = TypeVar("T")


def at_import(query: Callable[[Session], Awaitable[T]], default: T) -> T:
    """Run a query while the program is being imported or built; raises DatabaseAway.

    In development, where the server migrates at start, it answers `default` until that has happened: a fresh clone has
    no tables.
    """
    with ThreadPoolExecutor(1) as pool:  # a loop may be running in this thread
        return pool.submit(_ask, query, default).result()


def _ask(query: Callable[[Session], Awaitable[T]], default: T) -> T:
    async def run() -> T:
        async with database.alone() as session:
            return await query(session)

    development = settings().environment == "development"
    migrated_at_start = (Standing.ABSENT, Standing.OLDER) if development else ()
    if migrations.require(Standing.CURRENT, *migrated_at_start) is not Standing.CURRENT:
        return default
    with database.in_words():
        return asyncio.run(run())
