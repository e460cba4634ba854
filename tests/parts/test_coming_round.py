"""Work that comes round by itself: in one process for all, at its pace, and again when it did not come through."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import update

from checkout_app.core import clock, database, due, rounds
from checkout_app.core.rounds import Round
from tests.conftest import ON_BOTH
from tests.support.inside import Inside, row

PACE = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class _Watch:
    """Something that comes round, and remembers what it was given."""

    def __init__(self, name: str = "watch") -> None:
        self.name = name
        self.taken: list[datetime] = []
        self.comes_through = True

    async def look(self, last: Round) -> bool:
        self.taken.append(last.reached)
        last.reached, last.found = clock.now(), [{"rule": f"look {len(self.taken)}"}]
        return self.comes_through

    async def come(self) -> None:
        await rounds.come_round(self.name, PACE, self.look, lease=LEASE)


@pytest.fixture
def watch(inside: Inside) -> _Watch:
    assert inside
    return _Watch()


async def _let_it_be_time() -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now()))


async def test_it_comes_at_once_and_then_at_its_pace(watch: _Watch) -> None:
    began = clock.now()
    await watch.come()
    await watch.come()
    last = await row(Round, "watch")
    assert (len(watch.taken), last.attempts, last.found) == (1, 0, [{"rule": "look 1"}])
    assert last.due_at
    assert began + PACE <= last.due_at <= clock.now() + PACE
    await _let_it_be_time()
    await watch.come()
    assert watch.taken[1] == last.reached, "it goes on where it stopped"


@ON_BOTH
async def test_one_process_does_it_for_all(watch: _Watch) -> None:
    await watch.come()
    await _let_it_be_time()
    await asyncio.gather(*(watch.come() for _ in range(5)))
    assert len(watch.taken) == 2


async def test_each_kind_comes_round_by_itself_and_sleeps_until_its_own_time(watch: _Watch) -> None:
    sweep = _Watch("sweep")
    for kind in (watch, sweep):
        await kind.come()
    await _let_it_be_time()
    await watch.come()
    assert (len(watch.taken), len(sweep.taken)) == (2, 1)
    for kind in (watch, sweep):
        work = rounds.work(kind.name, kind.come)
        assert (work.name, await work.next_at()) == (kind.name, (await row(Round, kind.name)).due_at)


async def test_who_looks_when_it_is_not_time_waits_for_nobody_who_writes(watch: _Watch) -> None:
    await watch.come()
    async with database.write() as session:
        await database.lock(session, Round, ["watch"])
        await watch.come()
    assert len(watch.taken) == 1


async def test_what_did_not_come_through_keeps_nothing_and_comes_again_when_its_lease_ends(watch: _Watch) -> None:
    await watch.come()
    before = await row(Round, "watch")
    await _let_it_be_time()
    watch.comes_through = False
    began = clock.now()
    await watch.come()
    after = await row(Round, "watch")
    assert (after.reached, after.found, after.attempts) == (before.reached, before.found, 1)
    assert after.due_at
    assert after.due_at >= began + LEASE


async def test_how_far_it_came_never_goes_back(watch: _Watch) -> None:
    await watch.come()
    reached = (await row(Round, "watch")).reached

    async def come_less_far(last: Round) -> bool:
        """Be one that began long ago, and was overtaken."""
        last.reached = reached - timedelta(hours=1)
        return True

    await _let_it_be_time()
    await rounds.come_round("watch", PACE, come_less_far)
    assert (await row(Round, "watch")).reached == reached


async def test_how_far_it_came_does_not_lie_in_the_future(watch: _Watch) -> None:
    await watch.come()
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now(), reached=clock.now() + timedelta(days=1)))
    await watch.come()
    assert (await row(Round, "watch")).reached <= clock.now()


@pytest.mark.parametrize(("later", "brought_forward"), [(timedelta(), False), (timedelta(microseconds=1), True)])
async def test_only_what_is_planned_further_ahead_than_it_can_be_was_planned_by_a_wrong_clock(
    watch: _Watch, monkeypatch: pytest.MonkeyPatch, later: timedelta, *, brought_forward: bool
) -> None:
    await watch.come()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=now + LEASE + due.LEEWAY + later))
    await watch.come()
    assert (len(watch.taken) == 2) is brought_forward


async def test_one_kind_can_be_made_to_come_now(watch: _Watch) -> None:
    sweep = _Watch("sweep")
    for kind in (watch, sweep):
        await kind.come()
    await rounds.come_now("watch")
    for kind in (watch, sweep):
        await kind.come()
    assert (len(watch.taken), len(sweep.taken)) == (2, 1)


async def test_who_asks_while_it_is_under_way_gets_another_round(watch: _Watch) -> None:
    async def be_asked(last: Round) -> bool:
        await rounds.come_now("watch")
        return await watch.look(last)

    await rounds.come_round("watch", PACE, be_asked, lease=LEASE)
    await watch.come()
    await watch.come()
    assert len(watch.taken) == 2


@pytest.mark.parametrize(
    ("attempts", "due_in", "neglected"),
    [(1, PACE, False), (2, PACE, True), (0, None, True), (0, -LEASE, False), (0, -LEASE - timedelta(seconds=1), True)],
)
def test_a_round_that_does_not_come_through_or_that_nobody_makes_is_neglected(
    monkeypatch: pytest.MonkeyPatch, attempts: int, due_in: timedelta | None, *, neglected: bool
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    due_at = None if due_in is None else NOON + due_in
    last = Round(id="watch", reached=NOON, due_at=due_at, attempts=attempts)
    assert rounds.is_neglected(last, LEASE) is neglected


@pytest.mark.parametrize(
    ("reached", "night"),
    [
        (NOON.replace(hour=2), False),
        (NOON.replace(hour=1, minute=59), True),
        (NOON, False),
        (NOON + timedelta(seconds=1), True),
    ],
)
def test_a_night_is_seen_to_once(reached: datetime, *, night: bool) -> None:
    assert rounds.is_night(Round(id="watch", reached=reached), NOON, time(2, tzinfo=UTC)) is night


@pytest.mark.parametrize(("pace", "lease", "moved"), [(PACE, LEASE, LEASE), (LEASE, PACE, LEASE)])
def test_when_it_came_through_last_is_told_by_its_plan(
    monkeypatch: pytest.MonkeyPatch, pace: timedelta, lease: timedelta, moved: timedelta
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    tried_twice = Round(id="watch", reached=NOON, due_at=NOON + pace + 2 * moved, attempts=2)
    assert rounds.came_through(tried_twice, pace, lease) == NOON
    assert rounds.came_through(Round(id="watch", reached=NOON), pace, lease) == NOON - pace


async def test_its_work_sleeps_until_it_is_time(watch: _Watch) -> None:
    work = rounds.work("watch", watch.come)
    assert await work.next_at() is None
    await work.round()
    assert await work.next_at() == (await row(Round, "watch")).due_at
