"""How often somebody may try: counted in this process, or in Redis where several processes share the work.

Who can't be counted is told to come again: without a count, passwords could be guessed without end, and without Redis
the pages serve nobody either.
"""

import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from checkout_app.core import redis
from checkout_app.core.errors import RateLimited, unavailable
from checkout_app.core.rates import rates
from checkout_app.core.settings import settings

_TIDIED_EVERY: Final = 60.0
"""Seconds."""


class TidiedSeldom(MemoryStorage):
    """Counts in this process, and looks once a minute for what is over.

    By itself it goes through all it knows with almost every try, so that each would cost the more, the more different
    things somebody tries. What is asked for and over is never counted, found or not.
    """

    def __init__(self, every: float = _TIDIED_EVERY) -> None:
        super().__init__()
        self._every = every
        self._tidied_at = float("-inf")

    async def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - its own name, by which it calls itself
        now = time.monotonic()
        if now - self._tidied_at >= self._every:
            self._tidied_at = now
            await super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]


@lru_cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    url = settings().redis_url
    if not url:
        return SlidingWindowCounterRateLimiter(TidiedSeldom())
    client = {"implementation": "redispy", **redis.patient()}  # the one Reflex brings along
    return SlidingWindowCounterRateLimiter(storage_from_string(f"async+{url}", wrap_exceptions=True, **client))


async def hit(what: str, who: str) -> None:
    """Count one try of `what` by `who`; raises RateLimited, with the seconds to wait, when that is one too many."""
    await _ask(_limiter().hit, what, who)


async def require(what: str, who: str) -> None:
    """Raise RateLimited when one more try of `what` by `who` would be one too many; counts none."""
    await _ask(_limiter().test, what, who)


async def _ask(may: Callable[..., Awaitable[bool]], what: str, who: str) -> None:
    limit = rates(settings().rate_limits)[what]
    try:
        if await may(limit, what, who):
            return
        window = await _limiter().get_window_stats(limit, what, who)
    except StorageError as error:
        raise unavailable("Redis does not answer", error, f"limit of {what}") from error
    raise RateLimited(retry_after=max(1, round(window.reset_time - time.time())))
