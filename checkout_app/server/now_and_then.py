"""A question that everybody may ask, and that is asked now and then."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NowAndThen(Generic[Answer]):
    """Asks something at most once in so many seconds, however many ask us: who comes meanwhile gets the last answer."""

    def __init__(self, ask: Callable[[], Awaitable[Answer]], pace: float) -> None:
        self._ask = ask
        self._pace = pace
        self._asking = asyncio.Lock()
        self._last: tuple[Answer, float] | None = None
        """The last answer, and until when it counts."""

    async def answer(self) -> Answer:
        """Return an answer that still counts."""
        async with self._asking:
            if self._last is None or time.monotonic() >= self._last[1]:
                self._last = (await self._ask(), time.monotonic() + self._pace)
            return self._last[0]
