"""Reflex's clients of Redis, which would wait without end for one that says nothing."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from reflex.utils import prerequisites
from typing_extensions import override

from checkout_app.core import redis
from checkout_app.core.settings import settings


class _Patient(Redis):
    """Waits for an answer only so long, but for news as long as it takes: there may be none for hours."""

    @override
    def pubsub(self, **options: Any) -> PubSub:
        """Return a subscription, on a connection of its own."""
        return Redis.from_url(settings().redis_url, socket_keepalive=True).pubsub(**options)


def wait_for_redis_only_so_long() -> None:
    """Let Reflex make patient clients."""
    if settings().redis_url:
        prerequisites.get_redis = lambda: _Patient.from_url(settings().redis_url, **redis.patient())
