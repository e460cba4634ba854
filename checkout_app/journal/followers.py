"""Followers: what is to be done after an event, once, outside its transaction.

An event's transaction never calls a follower. It writes a due row for each that wants the kind; the row, unlike "ids
after the last one", misses no event whose transaction commits late.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement
from sqlmodel import col

from checkout_app.core import clock, database, due
from checkout_app.journal.models import Event, FollowUp

log = structlog.stdlib.get_logger(__name__)

LADDER = due.Ladder(
    pauses=tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600)), lease=timedelta(seconds=60)
)


@dataclass(frozen=True, slots=True)
class Follower:
    """What wants to know of some kinds of events. `follow` may be called again after a crash: it has to bear that."""

    name: str
    kinds: Collection[str]
    follow: Callable[[Event], Awaitable[None]]


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Let a follower have every event of its kinds from now on."""
    _followers[follower.name] = follower


def forget(name: str) -> None:
    """Let a follower have no more events; those already written for it wait until it is registered again."""
    _followers.pop(name, None)


def followers_of(kind: str) -> Sequence[str]:
    """Name the followers that want events of a kind."""
    return [follower.name for follower in _followers.values() if kind in follower.kinds]


async def follow_due() -> int:
    """Let followers have the events that wait for them; returns how many were followed."""
    return await due.drain(FollowUp, LADDER, _follow, _is_for_somebody())


async def _next_at() -> datetime | None:
    return await due.next_due(FollowUp, _is_for_somebody())


def _is_for_somebody() -> ColumnElement[bool]:
    """Leave out what waits for a follower that this program does not know."""
    return col(FollowUp.follower).in_(list(_followers))


async def _follow(row: FollowUp) -> bool:
    async with database.ask() as session:
        event = await session.get_one(Event, row.event_id)
    await _followers[row.follower].follow(event)
    async with database.write() as session:
        done = await session.get_one(FollowUp, row.id)
        done.done_at, done.due_at = clock.now(), None
    log.info(
        "event followed",
        **{f"{event.subject}_id": event.subject_id},
        follower=row.follower,
        kind=event.kind,
        event_id=event.id,
    )
    return True


WORK = due.Work("followers", follow_due, _next_at)
