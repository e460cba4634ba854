"""What breaks in a browser or in an event of a page: one line in the log, and an id to the visitor that finds it.

Anybody may open a websocket and report errors, as many as they like and in any words. So these lines are few and short:
`log_bounds.py` counts them, `log_fence.py` cuts them.
"""

import structlog
from redis.exceptions import RedisError
from reflex import App, Middleware
from reflex.event import EventSpec, window_alert
from reflex.state import BaseState
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from sqlalchemy.exc import OperationalError
from structlog.contextvars import bind_contextvars, bound_contextvars
from typing_extensions import override

from checkout_app.core.errors import InternalError, unavailable

log = structlog.stdlib.get_logger(__name__)


class EventIds(Middleware):
    """Gives the lines about an event its id, as those about a request have one."""

    @override
    async def preprocess(self, app: App, state: BaseState, event: Event) -> None:
        """Begin an event, in the task that is its own."""
        bind_contextvars(request_id=EventContext.get().txid)


def note_browser_error(exception: Exception) -> None:
    """Tell of what a browser reports."""
    log.warning("browser error", report=str(exception))


def answer_event_error(exception: Exception) -> EventSpec:
    """Tell of an event that broke, and give its visitor the id to ask us with, or tell that it is an outage."""
    event_id = EventContext.get().txid
    with bound_contextvars(request_id=event_id):
        if isinstance(exception, OperationalError | RedisError):
            return window_alert(unavailable("what an event needs does not answer", exception, "event").detail)
        log.error("event failed", exc_info=exception)
    return window_alert(InternalError(event_id).detail)
