"""The loop of work that falls due: how it sleeps, how it wakes, and what it outlives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from checkout_app.core import clock, due

PATIENCE = 20.0
"""Seconds until something that must happen is taken for never happening."""


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
    assert "exc_info" in broken.message


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
