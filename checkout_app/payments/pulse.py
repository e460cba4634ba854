"""The pulse of the shop: whether something can be written down, and how long ago what nobody waits for was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import bindparam, col, select, update

from checkout_app.core import clock, database, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.statements import Statement
from checkout_app.payments import sweep, webhooks
from checkout_app.payments.checks import watch

_NAME = "pulse"
_BEAT = Statement[None](update(Round).where(col(Round.id) == _NAME).values(reached=bindparam("now")))
"""Writes over one row, so that nothing grows. It has to differ: SQLite writes nothing down that is so already."""
_ROUNDS = Statement[Round](select(Round).where(col(Round.id).in_((watch.NAME, sweep.NAME))))


@dataclass(frozen=True, slots=True)
class Pulse:
    """How long ago the books were looked over and the gateway's lists read, and the oldest webhook that waits came."""

    books: timedelta | None
    sweep: timedelta | None
    webhook: timedelta | None
    """None when none waits."""


async def feel() -> Pulse:
    """Write something down and tell how the work stands; raises SQLAlchemyError when the shop can't write."""
    now = clock.now()
    async with database.write() as session:
        if not (await session.exec(_BEAT, now=now)).rowcount:
            await database.insert_new(session, Round(id=_NAME, reached=now))
        known = {row.id: row for row in await session.exec(_ROUNDS)}
        oldest = (await session.exec(webhooks.UNHANDLED_SINCE)).one()
    return Pulse(
        books=_round_age(known.get(watch.NAME), now, watch.PACE, watch.LEASE),
        sweep=_round_age(known.get(sweep.NAME), now, sweep.PACE, sweep.PACE),
        webhook=None if oldest is None else now - oldest,
    )


def _round_age(last: Round | None, now: datetime, pace: timedelta, lease: timedelta) -> timedelta | None:
    return None if last is None else now - rounds.came_through(last, pace, lease)
