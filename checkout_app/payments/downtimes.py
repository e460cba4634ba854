"""Downtimes: which ways to pay have trouble now, so that buyers need not find out by failing."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlmodel import col, delete, select

from checkout_app.core import clock, database, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.payments.gateway.client import gateway, items
from checkout_app.payments.gateway.entities import DowntimeEntity
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.models import Downtime

log = structlog.stdlib.get_logger(__name__)

PACE = timedelta(minutes=5)
_NAME = "downtimes"


async def refresh() -> None:
    """Read from the gateway which ways to pay have trouble now; raises RazorpayError."""
    answer = await gateway().payment.fetchDownTime()
    entities, odd = DowntimeEntity.read_each(items(answer))
    for garbled in odd:
        log.warning("downtime left out", garbled=str(garbled))
    now = clock.now().timestamp()
    rows = [
        Downtime(id=entity.id, method=(entity.method or "")[:20], instrument=entity.instrument_name[:60])
        for entity in entities
        if entity.begin <= now and (entity.end is None or entity.end > now)
    ]
    async with database.write() as session:
        await session.exec(delete(Downtime).where(col(Downtime.id).not_in([row.id for row in rows])))
        for row in rows:
            await database.insert_new(session, row)
    log.info("downtimes read", active=len(rows))


async def active(session: Session) -> Sequence[Downtime]:
    """Return which ways to pay have trouble now, the oldest trouble first."""
    return (await session.exec(select(Downtime).order_by(col(Downtime.created_at), col(Downtime.id)))).all()


async def keep_up() -> None:
    """Refresh now and then, since the webhook that says it is over can get lost."""
    await rounds.come_round(_NAME, PACE, _refresh)


async def _refresh(_last: Round) -> bool:
    try:
        await refresh()
    except RazorpayError as failure:
        log.warning("gateway does not tell of downtimes, what was known stays", failure=str(failure))
        return False
    return True


WORK = rounds.work(_NAME, lambda: keep_up())  # noqa: PLW0108 - looked up when it is called
