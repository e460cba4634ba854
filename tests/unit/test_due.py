"""Work that falls due: who takes it on, when it comes again, how a round ends, and how the loop sleeps and wakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from checkout_app.core import clock, concurrency, database, due
from checkout_app.orders.models import Order
from checkout_app.payments.models import Sweep
from tests.conftest import new_database
from tests.support.histories import History
from tests.support.inside import Inside, row, rows, running_inside

LADDER = due.Ladder(pauses=(timedelta(seconds=5), timedelta(seconds=90)), lease=timedelta(seconds=30))
PATIENCE = 20.0
"""Seconds until something that must happen is taken for never happening."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """One shop on each database for all tests."""
    folder = tmp_path_factory.mktemp("due")
    async with running_inside(folder, new_database(request.param, request, folder)) as running:
        yield running


@pytest.fixture
async def inside(shared: Inside) -> Inside:
    """The shop, with nothing left of the test before."""
    await shared.clear()
    return shared


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
            session.add(Sweep(id=name, swept_to=clock.now(), due_at=moment))


async def _claim(*conditions: object, limit: int = due.BATCH) -> list[str]:
    async with database.write() as session:
        return [taken.id for taken in await due.claim(session, Sweep, LADDER, *conditions, limit=limit)]


@pytest.mark.usefixtures("inside")
async def test_what_waits_longest_is_taken_first_and_what_is_not_due_not_at_all() -> None:
    await _make(young=1, old=100, older=200, future=-60)
    assert await _claim(limit=2) == ["older", "old"]
    assert await _claim(col(Sweep.id) != "young") == []
    assert await _claim() == ["young"]
    assert await _claim() == []


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
        taken = await row(Sweep, "one")
        assert (taken.attempts, taken.due_at) == (attempts, now + timedelta(seconds=pause))
        now += timedelta(seconds=pause)
        monkeypatch.setattr(clock, "now", lambda moment=now: moment)


def test_what_failed_together_does_not_come_again_together(now: datetime) -> None:
    spread = due.Ladder(pauses=(timedelta(),), lease=timedelta(seconds=30), spread=timedelta(seconds=5))
    moments = [spread.after(0, now) for _ in range(200)]
    assert all(timedelta(seconds=30) <= moment - now < timedelta(seconds=35) for moment in moments)
    assert len(set(moments)) > 100


@pytest.mark.usefixtures("inside")
async def test_two_workers_at_once_never_take_the_same_row() -> None:
    await _make(**{f"row{number:02d}": 1 for number in range(20)})
    taken = await asyncio.gather(*(_claim(limit=5) for _ in range(6)))
    names = [name for share in taken for name in share]
    assert (len(names), len(set(names))) == (20, 20)


@pytest.mark.usefixtures("inside")
async def test_a_row_that_another_worker_holds_is_passed_over() -> None:
    await _make(held=2, free=1)
    async with database.write() as session:
        if session.get_bind().dialect.name == "sqlite":
            return  # writers take turns there: nobody claims while another one holds a row
        await database.lock(session, Sweep, ["held"])
        assert await _claim() == ["free"]
    assert await _claim() == ["held"]


async def _done(taken: Sweep) -> bool:
    async with database.write() as session:
        (await session.get_one(Sweep, taken.id)).due_at = None
    return True


@pytest.mark.usefixtures("inside")
async def test_a_round_goes_on_until_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 3)
    await _make(**{f"row{number}": 1 for number in range(8)}, future=-60)
    assert await due.drain(Sweep, LADDER, _done) == 8
    assert [left.id for left in await rows(Sweep) if left.due_at] == ["future"]


@pytest.mark.usefixtures("inside")
async def test_only_what_worked_is_counted_and_the_rest_comes_again() -> None:
    await _make(good=1, bad=1)

    async def work(taken: Sweep) -> bool:
        return await _done(taken) if taken.id == "good" else False

    assert await due.drain(Sweep, LADDER, work) == 1
    left = await row(Sweep, "bad")
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

    async def work(taken: Sweep) -> bool:
        nonlocal most
        assert not [other for other in running if other[0] == taken.id[0]], "two of one key at once"
        running.append(taken.id)
        order.append(taken.id)
        most = max(most, len(running))
        await _done(taken)  # lets the others go on
        running.remove(taken.id)
        return True

    assert await due.drain(Sweep, LADDER, work, apart=lambda taken: taken.id[0]) == 5
    assert [name for name in order if name.startswith("a")] == ["a1", "a2", "a3"]
    assert most > 1


@pytest.mark.usefixtures("inside")
async def test_an_outage_ends_the_round_and_what_was_not_begun_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "CONCURRENCY", 1)
    await _make(first=3, second=2, third=1)
    begun: list[str] = []

    async def work(taken: Sweep) -> bool:
        begun.append(taken.id)
        if taken.id == "second":
            raise due.Outage("Nobody answers")
        return await _done(taken)

    assert await due.drain(Sweep, LADDER, work) == 1
    assert begun == ["first", "second"]
    attempts = {taken.id: taken.attempts for taken in await rows(Sweep)}
    assert attempts == {"first": 1, "second": 1, "third": 0}
    third = await row(Sweep, "third")
    assert third.due_at
    assert third.due_at > clock.now(), "an outage is no reason to ask at once again"


@pytest.mark.usefixtures("inside")
async def test_an_outage_leaves_alone_what_was_not_taken_on_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 2)
    await _make(one=4, two=3, three=2, four=1)

    async def work(taken: Sweep) -> bool:
        raise due.Outage(f"Nobody answers about {taken.id}")

    assert await due.drain(Sweep, LADDER, work) == 0
    assert [(left, (await row(Sweep, left)).attempts) for left in await _claim()] == [("three", 1), ("four", 1)]


@pytest.mark.usefixtures("inside")
async def test_what_goes_wrong_with_one_row_keeps_no_other_from_being_done() -> None:
    await _make(good=1, bad=2, fine=1)

    async def work(taken: Sweep) -> bool:
        if taken.id == "bad":
            raise RuntimeError("It broke.")
        return await _done(taken)

    with pytest.raises(ExceptionGroup) as broken:
        await due.drain(Sweep, LADDER, work)
    assert [str(error) for error in broken.value.exceptions] == ["It broke."]
    assert [left.id for left in await rows(Sweep) if left.due_at] == ["bad"]


async def test_a_lease_is_one_workers_and_ends(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(inside)
    await history.begin(on_hand=1, twice=False)
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).opening_until = None

    async def take(order_id: str = history.order_id) -> bool:
        async with database.write() as session:
            ours = col(Order.id) == order_id
            return await due.take_lease(session, col(Order.opening_until), ours, timedelta(seconds=15))

    assert sorted(await asyncio.gather(*(take() for _ in range(5)))) == [False] * 4 + [True]
    assert not await take("NOBODY")
    until = (await row(Order, history.order_id)).opening_until
    assert until
    monkeypatch.setattr(clock, "now", lambda: until)
    assert not await take()
    monkeypatch.setattr(clock, "now", lambda: until + timedelta(microseconds=1))
    assert await take()


@pytest.mark.usefixtures("inside")
async def test_the_next_one_is_the_earliest_of_all() -> None:
    assert await due.next_due(Sweep) is None
    await _make(later=-100, soon=-50)
    async with database.read() as session:
        soon = (await session.exec(select(Sweep.due_at).where(Sweep.id == "soon"))).one()
    assert await due.next_due(Sweep) == soon


class _Rounds:
    """Work that counts its rounds."""

    def __init__(self, next_at: datetime | None = None, *, fails: int = 0) -> None:
        self.done = 0
        self.fails = fails
        self.next = next_at
        self._round = asyncio.Condition()

    async def round(self) -> None:
        async with self._round:
            self.done += 1
            self._round.notify_all()
        if self.done <= self.fails:
            raise RuntimeError(f"Round {self.done} broke.")

    async def next_at(self) -> datetime | None:
        return self.next

    async def reach(self, count: int) -> None:
        """Wait until so many rounds were begun."""
        async with self._round:
            await asyncio.wait_for(self._round.wait_for(lambda: self.done >= count), PATIENCE)


@asynccontextmanager
async def _working(*works: due.Work) -> AsyncIterator[None]:
    """Work for the length of a block, which has to end."""
    async with asyncio.timeout(PATIENCE), due.working(works):
        yield


@pytest.fixture
def _sleeps_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "LONGEST_SLEEP", 1e6)


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_sleeping_work_wakes_at_once_when_it_is_woken() -> None:
    rounds = _Rounds()
    work = due.Work("test", rounds.round, rounds.next_at)
    async with _working(work):
        for count in range(1, 4):
            await rounds.reach(count)
            work.wake()
        await rounds.reach(4)


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_work_that_is_woken_during_its_round_looks_again_before_it_sleeps() -> None:
    rounds = _Rounds()

    async def wake_in_the_middle() -> None:
        await rounds.round()
        if rounds.done < 3:
            work.wake()

    work = due.Work("test", wake_in_the_middle, rounds.next_at)
    async with _working(work):
        await rounds.reach(3)


@pytest.mark.parametrize("in_an_hour", [True, False])
async def test_work_looks_by_itself_now_and_then_for_what_others_made_due(
    monkeypatch: pytest.MonkeyPatch, *, in_an_hour: bool
) -> None:
    monkeypatch.setattr(due, "LONGEST_SLEEP", 0.01)
    monkeypatch.setattr(due, "SHORTEST_SLEEP", 0.0)
    rounds = _Rounds(clock.now() + timedelta(hours=1) if in_an_hour else None)
    async with _working(due.Work("test", rounds.round, rounds.next_at)):
        await rounds.reach(3)


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_work_does_not_spin_on_what_it_could_not_take_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "SHORTEST_SLEEP", 1e6)
    rounds = _Rounds(clock.now() - timedelta(hours=1))
    async with _working(due.Work("test", rounds.round, rounds.next_at)):
        await rounds.reach(1)
        for _ in range(100):
            await asyncio.sleep(0)  # all others go on
    assert rounds.done == 1


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_work_sleeps_until_the_next_row_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "SHORTEST_SLEEP", 0.0)
    rounds = _Rounds(clock.now() + timedelta(milliseconds=20))
    async with _working(due.Work("test", rounds.round, rounds.next_at)):
        await rounds.reach(2)


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_work_that_breaks_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    rounds = _Rounds(fails=1)
    work = due.Work("brittle", rounds.round, rounds.next_at)
    async with _working(work):
        await rounds.reach(1)
        work.wake()
        await rounds.reach(2)
    [broken] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "brittle" in broken.message
    assert broken.exc_info


@pytest.mark.usefixtures("_sleeps_for_ever")
async def test_each_kind_of_work_goes_on_beside_one_that_hangs_and_all_end_with_the_block() -> None:
    hanging = asyncio.Event()
    ended: list[str] = []

    async def hang() -> None:
        hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("hanging")

    rounds = _Rounds()
    other = due.Work("other", rounds.round, rounds.next_at)
    async with _working(due.Work("hanging", hang, rounds.next_at), other):
        await asyncio.wait_for(hanging.wait(), PATIENCE)
        await rounds.reach(1)
        other.wake()
        await rounds.reach(2)
    assert ended == ["hanging"]
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() in {"hanging", "other"}] == []


async def test_what_nobody_asks_for_comes_round_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    rounds = _Rounds()
    work = due.every("watch", 60, rounds.round)
    await work.round()
    assert (rounds.done, await work.next_at()) == (0, moment + timedelta(seconds=60))
    moment += timedelta(seconds=60)
    await work.round()
    await work.round()
    assert (rounds.done, await work.next_at()) == (1, moment + timedelta(seconds=60))
