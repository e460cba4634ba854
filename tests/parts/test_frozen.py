"""A PostgreSQL that says nothing: nobody waits for long, what may have been done is not done again, and it goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, column, table, update
from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, select

from checkout_app.catalog.models import Variant
from checkout_app.core import database, postgres
from checkout_app.core.statements import Statement
from checkout_app.payments.models import WebhookEvent
from tests.support.databases import frozen
from tests.support.inside import Inside, put_on_shelf, row, rows
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
Opened = Callable[[], AbstractAsyncContextManager[Any]]

_TAKE = Statement[None](
    update(Variant)
    .where(col(Variant.id) == bindparam("variant"))
    .values(on_hand=col(Variant.on_hand) - bindparam("units", type_=Integer))
)
_ACTIVITY = table("pg_stat_activity", column("datname"), column("pid"))
_OTHERS = (
    select(func.count())
    .select_from(_ACTIVITY)
    .where(_ACTIVITY.c.datname == func.current_database(), _ACTIVITY.c.pid != func.pg_backend_pid())
)


@pytest.fixture(autouse=True)
async def _impatient(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A shop that gives up after a second."""
    assert inside
    for name, seconds in {"STATEMENT_SECONDS": 0.5, "_LATE_SECONDS": 0.5, "CONNECT_SECONDS": 1.0}.items():
        monkeypatch.setattr(postgres, name, seconds)
    await database.dispose()
    yield
    await database.dispose()


async def _look(opened: Opened) -> None:
    async with asyncio.timeout(PATIENCE), opened() as session:
        await session.get(WebhookEvent, "one")


def _connections() -> int:
    pool = database._pool()  # noqa: SLF001 - nobody else wants to know
    return len(pool._idle) if isinstance(pool, postgres.Postgres) else 0  # noqa: SLF001


@pytest.mark.parametrize("opened", [database.ask, database.read, database.write, database.change])
async def test_whoever_asks_is_told_soon_and_is_answered_when_it_goes_on(opened: Opened, postgresql: str) -> None:
    await _look(opened)
    with frozen(postgresql):
        for _ in range(2):  # on a connection that was open, and on one that can't be opened
            with pytest.raises(OperationalError):
                await _look(opened)
        assert _connections() == 0
    await _look(opened)
    assert _connections() == 1


def _event() -> WebhookEvent:
    return WebhookEvent(id="one", event="payment.captured", body="{}", digest="one")


async def test_a_commit_without_an_answer_is_an_error_though_it_may_be_made(postgresql: str) -> None:
    await _look(database.write)

    async def keep(freezing: ExitStack) -> None:
        async with database.write() as session:
            assert await database.insert_new(session, _event())
            freezing.enter_context(frozen(postgresql))

    with ExitStack() as freezing, pytest.raises(OperationalError):
        await keep(freezing)
    async with database.write() as session:
        assert not await database.insert_new(session, _event())  # who tries again waits for it, and finds it made
    assert len(await rows(WebhookEvent)) == 1


async def test_a_change_without_an_answer_is_never_asked_for_again(postgresql: str) -> None:
    lamp = await put_on_shelf(5)

    async def take_one() -> None:
        async with database.change() as session:
            session.change(Variant, _TAKE, variant=lamp, units=1)

    await take_one()
    with frozen(postgresql):
        taking = asyncio.create_task(take_one())
        await asyncio.wait([taking], timeout=PATIENCE)  # until it has given up
    with pytest.raises(OperationalError):
        await taking
    await take_one()
    async with asyncio.timeout(PATIENCE):
        while await _others():
            pass  # the connection that was hung up on does what it was asked, and ends
    assert (await row(Variant, lamp)).on_hand == 2


async def _others() -> int:
    """Count the database's connections besides the one that asks."""
    async with database.ask() as session:
        return (await session.exec(_OTHERS)).one()


async def test_what_the_server_itself_gives_up_costs_no_connection() -> None:
    with pytest.raises(OperationalError, match="statement timeout"):
        await _sleep(1)
    assert _connections() == 1


async def test_a_question_of_the_books_may_take_longer() -> None:
    await _sleep(1.5, long=True)
    with pytest.raises(OperationalError, match="statement timeout"):
        await _sleep(1)  # and nothing but that question


async def _sleep(seconds: float, *, long: bool = False) -> None:
    async with database.ask(long=long) as session:
        await session.exec(select(func.pg_sleep(seconds)))


async def test_whoever_gives_up_by_themselves_leaves_no_answer_behind_for_the_next(postgresql: str) -> None:
    await _look(database.ask)
    with frozen(postgresql):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await _sleep(0)
        assert _connections() == 0
    async with database.ask() as session:
        assert (await session.exec(select(func.count()).select_from(WebhookEvent))).one() == 0
