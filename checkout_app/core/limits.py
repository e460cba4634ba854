"""How often somebody may try: counted in this process, or in Redis where several processes share the work."""

import time
from functools import lru_cache

from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from checkout_app.core.errors import RateLimited
from checkout_app.core.rates import rates
from checkout_app.core.settings import settings


@lru_cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    url = settings().redis_url
    if not url:
        return SlidingWindowCounterRateLimiter(storage_from_string("async+memory://"))
    redis = storage_from_string(f"async+{url}", implementation="redispy")  # the client Reflex brings along
    return SlidingWindowCounterRateLimiter(redis)


async def hit(what: str, who: str) -> None:
    """Count one try of `what` by `who`; raises RateLimited, with the seconds to wait, when that is one too many."""
    limit = rates(settings().rate_limits)[what]
    if not await _limiter().hit(limit, what, who):
        window = await _limiter().get_window_stats(limit, what, who)
        raise RateLimited(retry_after=max(1, round(window.reset_time - time.time())))
