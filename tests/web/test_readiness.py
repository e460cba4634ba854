"""Readiness: it tries what a buyer needs, says what is away, and costs nothing however often it is asked for."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import Response

from checkout_app.core import clock, database, redis
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.payments import sweep, webhooks
from checkout_app.payments.checks import watch
from checkout_app.payments.models import WebhookEvent
from checkout_app.server import readiness
from checkout_app.server.readiness import Readiness
from tests.conftest import ON_BOTH
from tests.support.databases import blocking_engine
from tests.support.inside import Inside, row, rows, settings_for
from tests.support.redis_server import frozen
from tests.support.webhooks import event


@pytest.fixture(autouse=True)
async def _just_begun(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was not asked yet, and is as patient as a busy machine needs."""
    assert inside
    _forget()
    monkeypatch.setattr(readiness, "PATIENCE", 30.0)


def _forget() -> None:
    """Let the time of the last answer have passed."""
    readiness._readiness._last = None  # noqa: SLF001 - nobody else wants it to


async def _ask() -> tuple[int, str | None, Readiness]:
    response = Response()
    told = await readiness.ready(response)
    return response.status_code, response.headers.get("retry-after"), told


async def test_a_shop_that_can_sell_is_ready_before_anything_came_round() -> None:
    assert await _ask() == (
        200,
        None,
        Readiness(status="ready", database="ok", redis="unused", books_age=None, sweep_age=None, webhook_age=None),
    )


async def test_however_many_ask_it_is_tried_once_and_leaves_one_row() -> None:
    await _ask()
    [written] = await rows(Round)
    told = await asyncio.gather(*(_ask() for _ in range(20)))
    assert {status for status, *_ in told} == {200}
    assert await rows(Round) == [written]


async def test_what_it_writes_is_another_thing_each_time() -> None:
    await _ask()
    first = (await row(Round, "pulse")).reached
    _forget()
    await _ask()
    assert (await row(Round, "pulse")).reached > first


@ON_BOTH
async def test_while_nothing_can_be_written_it_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    await _ask()
    _forget()
    engine = blocking_engine(settings().database_url)
    sqlite = settings().database_url.startswith("sqlite")
    with engine.connect() as another, monkeypatch.context() as impatient:
        impatient.setattr(readiness, "PATIENCE", 0.5)
        another.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "LOCK TABLE rounds")
        status, retry_after, told = await _ask()
        assert (status, retry_after, told.status, told.database) == (503, "5", "unready", "down")
    engine.dispose()
    _forget()
    assert (await _ask())[0] == 200


async def test_it_says_how_long_nobody_did_what_nobody_waits_for() -> None:
    assert await webhooks.receive(event("payment.captured", payment={"id": "pay_A"}), "event 1")
    now = clock.now()
    async with database.write() as session:
        (await session.get_one(WebhookEvent, "event 1")).created_at = now - timedelta(seconds=90)
        books = Round(id=watch.NAME, reached=now, due_at=now + watch.PACE - timedelta(seconds=30))
        tried_twice = now + sweep.PACE - timedelta(seconds=40)
        session.add(books)
        session.add(Round(id=sweep.NAME, reached=now, due_at=tried_twice, attempts=2))
    _, _, told = await _ask()
    ages = {"books_age": 30, "sweep_age": 240, "webhook_age": 90}
    assert {name: pytest.approx(getattr(told, name), abs=30) for name in ages} == ages


async def test_without_the_redis_that_it_needs_it_is_not_ready(redis_url: str) -> None:
    with pytest.MonkeyPatch.context() as patch, settings_for(patch, REDIS_URL=redis_url):
        assert (await _ask())[2].redis == "ok"
        _forget()
        with frozen(redis_url), pytest.MonkeyPatch.context() as impatient:
            impatient.setattr(redis, "PATIENCE", 0.5)
            status, _, told = await _ask()
            assert (status, told.status, told.redis, told.database) == (503, "unready", "down", "ok")
        _forget()
        assert (await _ask())[0] == 200
