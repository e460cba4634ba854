"""A clock that was wrong once costs nothing afterwards, and somebody is told while it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.core import clock, database, due
from checkout_app.core.rounds import Round
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderStatus
from checkout_app.payments import reconcile, sweep
from checkout_app.payments.checks import watch
from checkout_app.payments.gateway.client import READ_TRIES, gateway
from checkout_app.server.alarms import found as ringing
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, row, rows

AHEAD = timedelta(hours=2)


@contextmanager
def ahead(monkeypatch: pytest.MonkeyPatch, by: timedelta = AHEAD) -> Iterator[None]:
    """Let the shop's clock be so much ahead of everybody else's during a block."""
    with monkeypatch.context() as wrong:
        wrong.setattr(clock, "now", lambda: datetime.now(UTC) + by)
        yield


@pytest.fixture
async def forgotten(history: History) -> History:
    """An order that nobody follows any more, of three hours ago."""
    async with database.write() as session:
        await session.exec(update(Order).values(due_at=None))
    await sweep.sweep_due()
    return history


async def _sweep_again() -> int:
    """Sweep as if it were time to."""
    async with database.write() as session:
        await session.exec(update(Round).where(col(Round.id) == "sweep").values(due_at=clock.now()))
    return await sweep.sweep_due()


@pytest.mark.parametrize("by", [AHEAD, -AHEAD], ids=["ahead", "behind"])
async def test_what_was_paid_while_the_clock_was_wrong_is_found(
    forgotten: History, by: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ahead(monkeypatch, by):
        await _sweep_again()
        await forgotten.act(("attempt", 0, "success"))
    reached = (await row(Round, "sweep")).reached
    assert abs(reached - clock.now()) < timedelta(minutes=1), "the mark is in the gateway's time"
    assert await _sweep_again() == 1
    await reconcile.check_due()
    assert (await row(Order, forgotten.order_id)).status == "paid"


async def test_a_mark_in_the_future_hides_nothing(forgotten: History) -> None:
    await forgotten.act(("attempt", 0, "success"))
    async with database.write() as session:
        await session.exec(update(Round).values(reached=clock.now() + AHEAD))
    assert await _sweep_again() == 1
    assert (await row(Round, "sweep")).reached < clock.now() + timedelta(minutes=1)


async def test_what_a_clock_that_was_ahead_has_planned_is_done_at_once(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ahead(monkeypatch):
        await sweep.sweep_due()
        async with database.write() as session:
            await session.exec(update(Order).values(due_at=clock.now() + timedelta(minutes=1)))
    assert await reconcile.check_due() == 0
    await sweep.sweep_due()
    planned: list[due.Due] = [*await rows(Order), *await rows(Round)]
    assert all(each.due_at and each.due_at < clock.now() + sweep.PACE for each in planned)
    assert await reconcile.check_due() == 1
    assert history.inside.line.calls[-1].endswith("/payments")


async def test_units_that_were_ordered_while_the_clock_was_ahead_are_held_no_longer_than_any(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ahead(monkeypatch):
        await history.begin(on_hand=3, twice=False)
        await sweep.sweep_due()
    await sweep.sweep_due()
    await reconcile.check_due()
    order = await row(Order, history.order_id)
    assert (order.status, order.expires_at <= clock.now() + orders.HOLD) == (OrderStatus.CREATED, True)


async def test_a_round_that_is_a_little_early_brings_nothing_forward(history: History) -> None:
    await sweep.sweep_due()
    later = clock.now() + timedelta(hours=1)
    async with database.write() as session:
        await session.exec(update(Order).values(due_at=later))
        await session.exec(update(Round).values(due_at=clock.now() + sweep.PACE + timedelta(seconds=59)))
    await sweep.sweep_due()
    assert (await row(Order, history.order_id)).due_at == later


async def test_a_lease_of_a_clock_that_was_ahead_keeps_nobody_out(history: History) -> None:
    lease = timedelta(seconds=15)
    mine: Any = col(Order.id) == history.order_id
    for until, free in ((clock.now() + AHEAD, True), (clock.now() + lease / 2, False)):
        async with database.write() as session:
            await session.exec(update(Order).values(opening_until=until))
        async with database.write() as session:
            assert await due.take_lease(session, col(Order.opening_until), mine, lease) is free


async def test_a_token_that_was_issued_by_a_clock_that_was_ahead_is_good(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    await inside.clear()
    with ahead(monkeypatch):
        async with database.write() as session:
            token = tokens.open_session(session, await session.get_one(User, BUYER.user_id))
    assert (await tokens.validate(token)).user_id == BUYER.user_id


async def test_a_night_that_a_clock_was_ahead_of_is_made_up_for(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ahead(monkeypatch, timedelta(days=3)):
        await watch.look()
    assert (await row(Round, watch.NAME)).reached > clock.now()
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now()))
    await watch.look()
    assert (await row(Round, watch.NAME)).reached <= clock.now()
    assert history.order_id


async def _alarms() -> list[str]:
    return [violation.rule for violation in await ringing()]


@pytest.mark.parametrize(("by", "alarms"), [(0, []), (59, []), (-7200, [sweep.CLOCKS]), (62, [sweep.CLOCKS])])
async def test_health_tells_of_a_clock_that_differs_by_more_than_a_minute(
    history: History, by: float, alarms: list[str]
) -> None:
    history.inside.gateway.clock.move(by)
    await _sweep_again()
    history.inside.gateway.clock.move(0)
    assert await _alarms() == alarms


async def test_health_tells_of_a_gateway_whose_lists_cant_be_read_for_long(history: History) -> None:
    for times in range(1, 5):
        history.inside.line.troubles = ["reset"] * READ_TRIES
        await _sweep_again()
        alarms = await _alarms()
        assert alarms == ([sweep.LISTS] if times == 4 else []), f"after {times} times"
    await _sweep_again()
    assert await _alarms() == []


async def test_a_gateway_that_tells_no_time_says_nothing_of_the_clock(history: History) -> None:
    history.inside.line.troubles.append("500")
    await gateway().order.all({"count": 1})
    history.inside.line.troubles += ["500"] * 3
    with pytest.raises(Exception, match="500"):
        await gateway().order.all({"count": 1})
    assert gateway().ahead == timedelta()
