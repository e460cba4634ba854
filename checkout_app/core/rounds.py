"""Work that nobody asks for and that comes round by itself, in one process for all of them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
from prometheus_client import Gauge
from sqlalchemy import JSON
from sqlmodel import Field, col, update

from checkout_app.core import clock, database, due
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.orm import Base

log = structlog.stdlib.get_logger(__name__)

_DONE = Gauge("shop_round_done_timestamp_seconds", "When this process last came through", ["round"], registry=REGISTRY)


class Round(Base, due.Due, table=True):
    """One kind of work that comes round, shared by all processes: when it does next, and how far it came."""

    __tablename__ = "rounds"
    __table_args__ = (due.due_index(),)

    id: str = Field(primary_key=True, max_length=20)
    reached: datetime
    """Up to when it has seen everything."""
    found: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """What it found last, in its own words."""


Act = Callable[[Round], Awaitable[bool]]
"""What is done when it is time to; answers whether it came through."""


async def come_round(name: str, pace: timedelta, act: Act, *, lease: timedelta | None = None) -> None:
    """Do something if it is time to, and plan its next round.

    `act` may change what the row says of how far it came and what it found. When it does not come through, its next
    round begins when the lease ends, which is as long as the pace unless told.
    """
    ladder = due.Ladder(pauses=(pace,), lease=lease or pace)
    async with database.ask() as session:
        known = await session.get(Round, name)
    if known is None:
        async with database.write() as session:
            await database.insert_new(session, Round(id=name, reached=clock.now(), due_at=clock.now()))
    elif known.due_at and known.due_at > ladder.after(0, clock.now()) + due.LEEWAY:
        log.error("clock was ahead, all work is done now", round=name, planned_for=known.due_at.isoformat())
        await due.bring_forward()
    await due.drain(Round, ladder, partial(_go_round, pace, act), Round.id == name)


async def come_now(name: str) -> None:
    """Let a kind of work come round now, in whatever process looks first."""
    async with database.write() as session:
        await session.exec(update(Round).where(col(Round.id) == name).values(due_at=clock.now()))


async def _go_round(pace: timedelta, act: Act, taken: Round) -> bool:
    began = clock.now()
    if not await act(taken):
        return False
    async with database.write() as session:
        [kept] = await database.lock(session, Round, [taken.id])
        kept.reached = max(min(kept.reached, clock.now()), taken.reached)  # what lies in the future is a wrong clock's
        kept.found, kept.attempts = taken.found, 0
        if kept.due_at == taken.due_at:  # else somebody has asked for another round since, who may not have been seen
            kept.due_at = began + pace
    _DONE.labels(taken.id).set_to_current_time()
    return True


def is_neglected(last: Round, lease: timedelta) -> bool:
    """Tell whether rounds do not come through, or nobody makes them."""
    return last.attempts > 1 or last.due_at is None or last.due_at < clock.now() - lease


def is_night(last: Round, now: datetime, night: time) -> bool:
    """Tell whether a night has begun since everything was seen; a mark in the future is a wrong clock's."""
    tonight = datetime.combine(now.date(), night)
    begun = tonight if tonight <= now else tonight - timedelta(days=1)
    return not begun <= last.reached <= now


def came_through(row: Round, pace: timedelta, lease: timedelta) -> datetime:
    """Tell from a plan when its work came through last: every try since then has moved it on by a lease."""
    return (row.due_at or clock.now()) - pace - row.attempts * max(pace, lease)


def work(name: str, come: Callable[[], Awaitable[object]]) -> due.Work:
    """Return the work of a kind that comes round."""
    return due.Work(name, come, lambda: due.next_due(Round, Round.id == name))
