"""Redis, in which several processes share what they have to: nobody waits for long for one that says nothing."""

from typing import Any, Final

PATIENCE: Final = 3.0
"""Seconds until an answer, or a connection, counts as one that does not come."""


def patient() -> dict[str, Any]:
    """Return the options of a client that waits only so long, and that tries once more when a connection was lost."""
    from redis.asyncio.retry import Retry  # takes its time, and few shops need it
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as ConnectionLost

    once_more = Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,))
    return {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": once_more}
