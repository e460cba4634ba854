"""Work that comes round by itself: in one process for all, at its pace, and again when it did not come through."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import update

from checkout_app.core import clock, database, rounds
from checkout_app.core.rounds import Round
from tests.support.inside import Inside, row

PACE = timedelta(minutes=1)
LEASE = timedelta(minutes=10)


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


async def test_its_work_sleeps_until_it_is_time(watch: _Watch) -> None:
    work = rounds.work("watch", watch.come)
    assert await work.next_at() is None
    await work.round()
    assert await work.next_at() == (await row(Round, "watch")).due_at
