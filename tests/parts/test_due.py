"""Work that falls due: who takes it on, when it comes again, and how a round ends."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select, update

from checkout_app.core import clock, concurrency, database, due
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order
from tests.conftest import ON_BOTH
from tests.support.histories import History
from tests.support.inside import Inside, row, rows
from tests.support.untold import another_order

LADDER = due.Ladder(pauses=(timedelta(seconds=5), timedelta(seconds=90)), lease=timedelta(seconds=30))
PATIENCE = 20.0
"""Seconds until something that must happen is taken for never happening."""


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A moment at which the clock stands still."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


async def _make(**ago: float) -> None:
    """Make rows that have been due for so many seconds; a negative number is yet to come."""
    async with database.write() as session:
        for name, seconds in ago.items():
            moment = clock.now() - timedelta(seconds=seconds)
            session.add(Round(id=name, reached=clock.now(), due_at=moment))


async def _claim(*conditions: object, limit: int = due.BATCH) -> list[str]:
    async with database.write() as session:
        return [taken.id for taken in await due.claim(session, Round, LADDER, *conditions, limit=limit)]


@pytest.mark.usefixtures("inside")
async def test_what_waits_longest_is_taken_first_and_what_is_not_due_not_at_all() -> None:
    await _make(young=1, old=100, older=200, future=-60)
    assert await _claim(limit=2) == ["older", "old"]
    assert await _claim(col(Round.id) != "young") == []
    assert await _claim() == ["young"]
    assert await _claim() == []


@pytest.mark.usefixtures("inside")
async def test_what_comes_first_is_taken_before_what_waits_longer_and_is_in_order_itself() -> None:
    await _make(young=1, old=100, older=200, future=-60)
    async with database.write() as session:
        first = col(Round.id).in_(["young", "old", "future"])
        taken = await due.claim(session, Round, LADDER, first=first, limit=3)
    assert [each.id for each in taken] == ["old", "young", "older"]


@pytest.mark.usefixtures("inside")
async def test_what_is_due_this_very_instant_is_taken(now: datetime) -> None:
    assert now
    await _make(one=0)
    assert await _claim() == ["one"]


@pytest.mark.usefixtures("inside")
async def test_a_row_comes_again_ever_later_and_never_before_the_lease_ends(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _make(one=1)
    for attempts, pause in enumerate((30, 90, 90), start=1):
        assert await _claim() == ["one"]
        taken = await row(Round, "one")
        assert (taken.attempts, taken.due_at) == (attempts, now + timedelta(seconds=pause))
        now += timedelta(seconds=pause)
        monkeypatch.setattr(clock, "now", lambda moment=now: moment)


def test_what_failed_together_does_not_come_again_together(now: datetime) -> None:
    spread = due.Ladder(pauses=(timedelta(),), lease=timedelta(seconds=30), spread=timedelta(seconds=5))
    moments = [spread.after(0, now) for _ in range(200)]
    assert all(timedelta(seconds=30) <= moment - now < timedelta(seconds=35) for moment in moments)
    assert len(set(moments)) > 100


@ON_BOTH
@pytest.mark.usefixtures("inside")
async def test_two_workers_at_once_never_take_the_same_row() -> None:
    await _make(**{f"row{number:02d}": 1 for number in range(20)})
    taken = await asyncio.gather(*(_claim(limit=5) for _ in range(6)))
    names = [name for share in taken for name in share]
    assert (len(names), len(set(names))) == (20, 20)


@ON_BOTH
@pytest.mark.usefixtures("inside")
async def test_a_row_that_another_worker_holds_is_passed_over() -> None:
    await _make(held=2, free=1)
    async with database.write() as session:
        if settings().database_url.startswith("sqlite"):
            return  # writers take turns there: nobody claims while another one holds a row
        await database.lock(session, Round, ["held"])
        assert await _claim() == ["free"]
    assert await _claim() == ["held"]


async def _done(taken: Round) -> bool:
    async with database.write() as session:
        (await session.get_one(Round, taken.id)).due_at = None
    return True


@pytest.mark.usefixtures("inside")
async def test_a_round_goes_on_until_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 3)
    await _make(**{f"row{number}": 1 for number in range(8)}, future=-60)
    assert await due.drain(Round, LADDER, _done) == 8
    assert [left.id for left in await rows(Round) if left.due_at] == ["future"]


@pytest.mark.usefixtures("inside")
async def test_only_what_worked_is_counted_and_the_rest_comes_again() -> None:
    await _make(good=1, bad=1)

    async def work(taken: Round) -> bool:
        return await _done(taken) if taken.id == "good" else False

    assert await due.drain(Round, LADDER, work) == 1
    left = await row(Round, "bad")
    assert (left.attempts, left.due_at and left.due_at > clock.now()) == (1, True)


@pytest.mark.usefixtures("inside")
async def test_a_few_are_worked_on_at_once_but_those_that_belong_apart_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 4)
    await _make(a3=1, a2=2, a1=3, b1=1, c1=1)
    running: list[str] = []
    most = 0
    order: list[str] = []

    async def work(taken: Round) -> bool:
        nonlocal most
        assert not [other for other in running if other[0] == taken.id[0]], "two of one key at once"
        running.append(taken.id)
        order.append(taken.id)
        most = max(most, len(running))
        await _done(taken)  # lets the others go on
        running.remove(taken.id)
        return True

    assert await due.drain(Round, LADDER, work, apart=lambda taken: taken.id[0]) == 5
    assert [name for name in order if name.startswith("a")] == ["a1", "a2", "a3"]
    assert most > 1


@pytest.mark.usefixtures("inside")
async def test_an_outage_ends_the_round_and_what_was_not_begun_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 1)
    await _make(first=3, second=2, third=1)
    begun: list[str] = []

    async def work(taken: Round) -> bool:
        begun.append(taken.id)
        if taken.id == "second":
            raise due.Outage("Nobody answers")
        return await _done(taken)

    assert await due.drain(Round, LADDER, work) == 1
    assert begun == ["first", "second"]
    attempts = {taken.id: taken.attempts for taken in await rows(Round)}
    assert attempts == {"first": 1, "second": 1, "third": 0}
    third = await row(Round, "third")
    assert third.due_at
    assert third.due_at > clock.now(), "an outage is no reason to ask at once again"


@pytest.mark.usefixtures("inside")
async def test_an_outage_leaves_alone_what_was_not_taken_on_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 2)
    await _make(one=4, two=3, three=2, four=1)

    async def work(taken: Round) -> bool:
        raise due.Outage(f"Nobody answers about {taken.id}")

    assert await due.drain(Round, LADDER, work) == 0
    assert [(left, (await row(Round, left)).attempts) for left in await _claim()] == [("three", 1), ("four", 1)]


@pytest.mark.usefixtures("inside")
async def test_what_was_not_begun_keeps_its_place_also_when_something_else_broke(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 1)
    await _make(a1=4, b1=3, a2=2, c1=1)

    async def work(taken: Round) -> bool:
        raise RuntimeError("It broke.") if taken.id == "a1" else due.Outage("Nobody answers")

    with pytest.raises(ExceptionGroup) as broken:
        await due.drain(Round, LADDER, work, apart=lambda taken: taken.id[0])
    assert [str(error) for error in broken.value.exceptions] == ["It broke."]
    attempts = {taken.id: taken.attempts for taken in await rows(Round)}
    assert attempts == {"a1": 1, "a2": 0, "b1": 1, "c1": 0}


@pytest.mark.usefixtures("inside")
async def test_what_goes_wrong_with_one_row_keeps_no_other_from_being_done() -> None:
    await _make(good=1, bad=2, fine=1)

    async def work(taken: Round) -> bool:
        if taken.id == "bad":
            raise RuntimeError("It broke.")
        return await _done(taken)

    with pytest.raises(ExceptionGroup) as broken:
        await due.drain(Round, LADDER, work)
    assert [str(error) for error in broken.value.exceptions] == ["It broke."]
    assert [left.id for left in await rows(Round) if left.due_at] == ["bad"]


@ON_BOTH
async def test_a_lease_is_one_workers_and_ends(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(inside)
    await history.begin(on_hand=2, twice=False)
    other = (await another_order(history)).order.id
    async with database.write() as session:
        await session.exec(update(Order).values(opening_until=None))

    async def take(order_id: str = history.order_id) -> bool:
        async with database.write() as session:
            ours = col(Order.id) == order_id
            return await due.take_lease(session, col(Order.opening_until), ours, timedelta(seconds=15))

    assert sorted(await asyncio.gather(*(take() for _ in range(5)))) == [False] * 4 + [True]
    assert not await take("NOBODY")
    assert (await row(Order, other)).opening_until is None, "a lease of one row is of no other"
    assert await take(other)
    until = (await row(Order, history.order_id)).opening_until
    assert until
    monkeypatch.setattr(clock, "now", lambda: until)
    assert not await take()
    monkeypatch.setattr(clock, "now", lambda: until + timedelta(microseconds=1))
    assert await take()


@pytest.mark.parametrize(("later", "free"), [(timedelta(), False), (timedelta(microseconds=1), True)])
async def test_a_lease_that_is_longer_than_it_can_be_is_a_wrong_clocks(
    inside: Inside, now: datetime, later: timedelta, *, free: bool
) -> None:
    history = History(inside)
    await history.begin(on_hand=2, twice=False)
    lease = timedelta(seconds=15)
    async with database.write() as session:
        await session.exec(update(Order).values(opening_until=now + lease + due.LEEWAY + later))
    async with database.write() as session:
        ours = col(Order.id) == history.order_id
        assert await due.take_lease(session, col(Order.opening_until), ours, lease) is free


@pytest.mark.usefixtures("inside")
async def test_the_next_one_is_the_earliest_of_all() -> None:
    assert await due.next_due(Round) is None
    await _make(later=-100, soon=-50)
    async with database.read() as session:
        soon = (await session.exec(select(Round.due_at).where(Round.id == "soon"))).one()
    assert await due.next_due(Round) == soon
