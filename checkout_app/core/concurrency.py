"""Work on several things at once, and on not too many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

CONCURRENCY = 8
"""What waits for a slow gateway at the same time, so that one answer that never comes does not hold up the rest."""


async def few_at_a_time(work: Callable[[Key], Awaitable[Result]], keys: Sequence[Key]) -> list[Result]:
    """Do the work for every key, at most `CONCURRENCY` at once; returns the results in the order of the keys.

    What fails keeps nothing else from being done. Afterwards every failure is raised, as one ExceptionGroup.
    """
    free = asyncio.Semaphore(CONCURRENCY)

    async def do(key: Key) -> Result:
        async with free:
            return await work(key)

    results = await asyncio.gather(*(do(key) for key in keys), return_exceptions=True)
    if failures := [result for result in results if isinstance(result, BaseException)]:
        raise BaseExceptionGroup("some of the work failed", failures)
    return [result for result in results if not isinstance(result, BaseException)]
