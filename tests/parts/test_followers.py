"""Followers: an event tells each of them once, with its transaction or not at all, and again after a crash."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.journal import followers
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP
from checkout_app.journal.models import Event, FollowUp, Subject
from tests.conftest import ON_BOTH
from tests.support.inside import Inside, rows

PAID = "paid"


class _Mail:
    """A follower that remembers what it was told, and fails the first so many times."""

    def __init__(self, name: str = "mail") -> None:
        self.follower = followers.Follower(name, {PAID}, self.follow)
        self.told: list[str] = []
        self.fails = 0

    async def follow_due(self) -> int:
        return await followers.follow_due(self.follower)

    async def follow(self, event: Event) -> None:
        self.told.append(event.id)
        if len(self.told) <= self.fails:
            raise RuntimeError("The mail server is gone.")


@pytest.fixture
def mail(inside: Inside) -> Iterator[_Mail]:
    assert inside
    mail = _Mail()
    followers.register(mail.follower)
    yield mail
    followers.forget("mail")


async def _record(kind: str = PAID) -> str:
    async with database.write() as session:
        return (await journal.record(session, Subject.ORDER, "ORDER", kind, SHOP, amount=48000)).id


async def _undo() -> None:
    """Record an event in a transaction that is undone."""
    async with database.write() as session:
        await journal.record(session, Subject.ORDER, "ORDER", PAID, SHOP)
        await session.flush()
        raise RuntimeError("undone")


async def _let_it_be_due() -> None:
    async with database.write() as session:
        await session.exec(update(FollowUp).values(due_at=clock.now() - timedelta(seconds=1)))


async def test_an_event_is_followed_once_by_whoever_wants_its_kind(mail: _Mail) -> None:
    event_id = await _record()
    await _record("expired")
    [row] = await rows(FollowUp)
    assert (row.event_id, row.follower, row.done_at) == (event_id, "mail", None)
    assert (await mail.follow_due(), await mail.follow_due(), mail.told) == (
        1,
        0,
        [event_id],
    )
    [row] = await rows(FollowUp)
    assert (row.due_at, row.done_at is not None) == (None, True)


async def test_each_follower_is_told_for_itself(mail: _Mail) -> None:
    papers = _Mail("papers")
    followers.register(papers.follower)
    try:
        event_id = await _record()
        assert await mail.follow_due() == 1
        assert papers.told == []
        assert await papers.follow_due() == 1
    finally:
        followers.forget("papers")
    assert (mail.told, papers.told) == ([event_id], [event_id])


async def test_nothing_is_followed_that_did_not_happen(mail: _Mail) -> None:
    with pytest.raises(RuntimeError, match="undone"):
        await _undo()
    assert (await rows(Event), await rows(FollowUp), await mail.follow_due(), mail.told) == (
        [],
        [],
        0,
        [],
    )


async def test_a_follower_that_fails_is_told_again_later(mail: _Mail) -> None:
    mail.fails = 1
    event_id = await _record()
    with pytest.raises(ExceptionGroup):
        await mail.follow_due()
    assert await mail.follow_due() == 0
    [row] = await rows(FollowUp)
    assert (row.done_at, row.attempts) == (None, 1)
    await _let_it_be_due()
    assert (await mail.follow_due(), mail.told) == (1, [event_id, event_id])


async def test_a_program_that_does_not_want_a_kind_leaves_its_events_to_the_one_that_does(mail: _Mail) -> None:
    event_id = await _record()
    older = followers.Follower("mail", {"expired"}, mail.follow)
    assert (await followers.follow_due(older), mail.told) == (0, [])
    await _let_it_be_due()
    assert (await mail.follow_due(), mail.told) == (1, [event_id])


@ON_BOTH
async def test_two_workers_do_not_both_follow(mail: _Mail) -> None:
    told = [await _record() for _ in range(5)]
    assert sum(await asyncio.gather(*(mail.follow_due() for _ in range(4)))) == 5
    assert sorted(mail.told) == sorted(told)


@ON_BOTH
async def test_one_event_has_one_row_a_follower(mail: _Mail) -> None:
    assert mail
    event_id = await _record()
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(FollowUp(event_id=event_id, follower="mail"))


async def test_what_happened_before_somebody_followed_is_not_told_and_what_waits_outlives_a_restart(
    inside: Inside,
) -> None:
    assert inside
    await _record()
    mail = _Mail()
    work = followers.work(mail.follower)
    assert await work.next_at() is None
    followers.register(mail.follower)
    event_id = await _record()
    followers.forget("mail")  # as a program does that ends, or that does not know it any more
    await _record()
    assert (await work.next_at() is None, mail.told) == (False, [])
    await work.round()
    assert (await work.next_at(), mail.told) == (None, [event_id])
