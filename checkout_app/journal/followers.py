"""Followers: what is to be done after an event, once, outside its transaction.

An event's transaction never calls a follower. It writes a due row for each that wants the kind; the row, unlike "ids
after the last one", misses no event whose transaction commits late.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

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


def work(follower: Follower) -> due.Work:
    """Return the work of one follower, which goes on beside that of others: who is held up holds up nobody else."""
    return due.Work(follower.name, partial(follow_due, follower), partial(due.next_due, FollowUp, _is_for(follower)))


async def follow_due(follower: Follower) -> int:
    """Let a follower have the events that wait for it; returns how many were followed."""
    return await due.drain(FollowUp, LADDER, partial(_follow, follower), _is_for(follower))


def _is_for(follower: Follower) -> ColumnElement[bool]:
    return col(FollowUp.follower) == follower.name


async def _follow(follower: Follower, row: FollowUp) -> bool:
    async with database.ask() as session:
        event = await session.get_one(Event, row.event_id)
    if event.kind not in follower.kinds:
        return False  # a release is under way: it waits for the program that wanted it
    await follower.follow(event)
    async with database.write() as session:
        done = await session.get_one(FollowUp, row.id)
        done.done_at, done.due_at = clock.now(), None
    log.info(
        "event followed",
        **{f"{event.subject}_id": event.subject_id},
        follower=follower.name,
        kind=event.kind,
        event_id=event.id,
    )
    return True
