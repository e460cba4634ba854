"""Holds: the units of orders that nobody paid in time go back on the shelf, whatever the gateway is doing."""

from datetime import datetime, timedelta

import structlog

from checkout_app.core import clock, database, due
from checkout_app.orders import service as orders
from checkout_app.orders import unpaid

log = structlog.stdlib.get_logger(__name__)

GRACE = timedelta(minutes=2)
"""How long after its end a hold waits for its order to be compared with the gateway, which has that planned."""


async def end_lapsed() -> int:
    """End the holds that lapsed a while ago and were not ended by a comparison; returns how many orders expired."""
    ended = 0
    while True:
        async with database.ask() as session:
            lapsed = await unpaid.lapsed(session, clock.now() - GRACE, limit=due.BATCH)
        for order_id in lapsed:
            async with database.write() as session:
                expired = await orders.expire(session, order_id)
            ended += expired
            log.info("hold ended", order_id=order_id, expired=expired)
        if len(lapsed) < due.BATCH:
            return ended


async def _next_at() -> datetime | None:
    async with database.ask() as session:
        first = await unpaid.first_to_lapse(session)
    return first and first + GRACE


WORK = due.Work("holds", lambda: end_lapsed(), _next_at)  # noqa: PLW0108 - looked up when it is called
