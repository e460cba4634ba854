"""The schedule of backups: one every night, made by one process for all; what keeps it from being made is an alarm."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.server import alarms
from checkout_app.server.backups import archive, schedule
from tests.conftest import new_database
from tests.support.inside import row, running_inside
from tests.support.waiting import until

LONG_AGO = timedelta(days=3)


@pytest.fixture
async def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """The folder of a shop on SQLite that keeps three backups, and is to make one."""
    monkeypatch.setenv("BACKUPS_KEPT", "3")
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}"):
        await schedule.come()
        await _let_it_be_time()
        yield tmp_path / "backups"


async def _let_it_be_time() -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now(), reached=clock.now() - LONG_AGO))


def _made(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("shop-*"))


def _put(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


def _remove(file: Path) -> None:
    file.unlink()


async def _alarms() -> list[str]:
    return [violation.rule for violation in await alarms.found()]


async def test_none_is_made_before_the_first_night(tmp_path: Path) -> None:
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}"):
        await schedule.come()
        last = await row(Round, schedule.NAME)
    assert (last.found, (tmp_path / "backups").exists()) == ([], False)


async def test_one_is_made_when_a_night_has_begun_by_one_for_all(folder: Path) -> None:
    began = clock.now()
    await asyncio.gather(*(schedule.come() for _ in range(5)))
    [made] = _made(folder)
    last = await row(Round, schedule.NAME)
    assert (last.attempts, last.found, began <= last.reached <= clock.now()) == (0, [], True)
    with archive.opened(folder / made) as members:
        assert [(member.name, len(content.read()) == member.size) for member, content in members] == [("shop.db", True)]


async def test_the_next_one_comes_with_the_next_night(folder: Path) -> None:
    await schedule.come()
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now()))
    await schedule.come()
    assert len(_made(folder)) == 1


async def test_as_many_are_kept_as_are_to_be(folder: Path) -> None:
    old = [f"shop-2026010{day}T000000Z.tar.gz" for day in range(1, 6)]
    _put(folder, *old)
    await schedule.come()
    *kept, _ = _made(folder)
    assert kept == old[-2:]


async def test_what_keeps_it_from_being_made_is_an_alarm_until_one_is(folder: Path) -> None:
    _put(folder.parent, folder.name)  # a file, in the way of the folder
    for _ in range(2):
        await schedule.come()
        [violation] = await schedule.found()
        assert violation.detail == f"File exists: {folder}."
        assert await _alarms() == [schedule.RULE]
        last = await row(Round, schedule.NAME)
        assert last.due_at
        assert last.due_at <= clock.now() + schedule.PACE
        async with database.write() as session:
            await session.exec(update(Round).values(due_at=clock.now()))
    _remove(folder)
    await schedule.come()
    assert (len(_made(folder)), await _alarms()) == (1, [])


async def test_rounds_that_end_in_the_middle_are_an_alarm_too(folder: Path) -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(attempts=2, due_at=clock.now() + schedule.LEASE))
    assert await _alarms() == [schedule.RULE]
    assert _made(folder) == []


@pytest.fixture
def stuck(folder: Path) -> Path:
    """A place where whoever makes a backup waits for ever, and is to be seen waiting."""
    folder.mkdir()
    os.mkfifo(folder / ".lock")
    return folder


async def test_one_that_takes_too_long_is_given_up(stuck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LONGEST", timedelta(seconds=0.1))
    await schedule.come()
    [violation] = await schedule.found()
    assert violation.detail == "it took longer than 0:00:00.100000"
    assert (_made(stuck), _children()) == ([], [])


async def test_who_stops_leaves_nobody_behind(stuck: Path) -> None:
    coming = asyncio.create_task(schedule.come())
    await asyncio.to_thread(until, _children, "somebody to make a backup")
    coming.cancel()
    await asyncio.wait([coming])
    assert (coming.cancelled(), _made(stuck), _children()) == (True, [], [])


def _children() -> list[str]:
    """Return the processes of this one that make a backup."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [child for child in listed if "backup" in Path(f"/proc/{child}/cmdline").read_text()]


@pytest.mark.parametrize(("kind", "kept"), [("sqlite", "0"), ("postgresql", "14")])
async def test_it_is_off_when_none_are_kept_and_on_postgresql(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, kept: str
) -> None:
    monkeypatch.setenv("BACKUPS_KEPT", kept)
    async with running_inside(tmp_path, new_database(kind, request, tmp_path)):
        async with schedule.running():
            assert [task for task in asyncio.all_tasks() if task.get_name() == schedule.NAME] == []
        async with database.write() as session:
            await database.insert_new(session, Round(id=schedule.NAME, reached=clock.now(), attempts=9))
        assert await schedule.found() == []
