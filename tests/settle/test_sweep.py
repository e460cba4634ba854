"""What happens to orders that nobody follows any more is found in the gateway's lists."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.journal.models import Issue
from checkout_app.orders.models import Order
from checkout_app.payments import reconcile, sweep
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.models import Payment
from razorpay_sandbox.payments import attempts
from tests.support.histories import AMOUNT, History
from tests.support.inside import Inside, rows, running_inside, violations, waits_for
from tests.support.shops import KEY_ID


@pytest.fixture
async def forgotten(tmp_path: Path) -> AsyncIterator[History]:
    """An order that expired and whose last comparison with the gateway is over."""
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}") as inside:
        history = History(inside)
        await history.begin(on_hand=2, twice=False)
        await history.act(("expire", 0, ""))
        await _forget()
        await sweep.sweep_due()
        yield history


async def _forget() -> None:
    async with database.write() as session:
        await session.exec(update(Order).values(due_at=None))


async def _sweep_again() -> int:
    """Sweep as if it were time to."""
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now() - timedelta(seconds=1)))
    return await sweep.sweep_due()


async def _status(history: History) -> str:
    async with database.read() as session:
        return (await session.get_one(Order, history.order_id)).status


async def test_a_payment_of_a_forgotten_order_is_found_and_nothing_else_would_have_found_it(
    forgotten: History,
) -> None:
    await forgotten.act(("attempt", 0, "success"))
    assert (await reconcile.check_due(), await _status(forgotten)) == (0, "expired")
    assert await _sweep_again() == 1
    assert (await reconcile.check_due(), await _status(forgotten)) == (1, "paid")
    assert await violations() == []


async def test_an_attempt_is_followed_from_its_beginning_so_a_bank_may_take_its_time(forgotten: History) -> None:
    await forgotten.act(("begin", 0, ""))
    assert (await _sweep_again(), await reconcile.check_due()) == (1, 1)
    async with database.read() as session:
        assert (await session.get_one(Order, forgotten.order_id)).due_at is not None


async def test_a_refund_made_in_the_dashboard_long_afterwards_is_found(forgotten: History) -> None:
    await forgotten.act(("attempt", 0, "success"))
    await _sweep_again()
    await reconcile.check_due()
    await _forget()
    assert await _sweep_again() == 0
    _make_older(forgotten.inside)
    await forgotten.act(("dashboard refund", 0, "part"))
    assert await _sweep_again() == 1
    await reconcile.check_due()
    assert await _status(forgotten) == "partially_refunded"
    assert await violations() == []


def _make_older(inside: Inside) -> None:
    """Let the payments at the gateway be older than any sweep goes back."""
    with inside.gateway.store.transaction():
        inside.gateway.store.rows("UPDATE entities SET created_at = created_at - 86400 WHERE kind = 'payment'")


@pytest.mark.parametrize("troubles", [["500"] * 3, ["401"], ["html"] * 3, ["empty"] * 3], ids=lambda row: row[0])
async def test_a_sweep_that_did_not_come_through_is_made_up_for(forgotten: History, troubles: list[str]) -> None:
    async with database.write() as session:
        await session.exec(update(Round).values(reached=clock.now() - timedelta(minutes=1)))
    mark = await _mark()
    await forgotten.act(("attempt", 0, "success"))
    forgotten.inside.line.troubles += troubles
    assert await _sweep_again() == 0
    after = await _mark()
    assert after.reached == mark.reached
    assert after.due_at
    assert after.due_at > clock.now(), "an outage is no reason to ask at once again"
    assert await _sweep_again() == 1
    assert (await _mark()).reached > mark.reached


async def _mark() -> Round:
    async with database.read() as session:
        return await session.get_one(Round, "sweep")


async def test_a_sweep_begins_where_the_last_one_ended_however_long_ago_that_was(forgotten: History) -> None:
    await forgotten.act(("attempt", 0, "success"))
    _make_older(forgotten.inside)
    assert await _sweep_again() == 0
    async with database.write() as session:
        await session.exec(update(Round).values(reached=clock.now() - timedelta(days=7)))
    assert await _sweep_again() == 1


async def test_one_worker_sweeps_at_a_time(forgotten: History) -> None:
    before = len(forgotten.inside.line.calls)
    assert await sweep.sweep_due() == 0
    assert len(forgotten.inside.line.calls) == before


async def test_many_payments_are_read_page_by_page(forgotten: History) -> None:
    for _ in range(101):
        await forgotten.act(("begin", 0, ""))
    await _sweep_again()
    assert forgotten.inside.line.calls[-3:] == ["GET /v1/payments", "GET /v1/payments", "GET /v1/refunds"]
    await reconcile.check_due()
    assert await _sweep_again() == 0, "what is known is no news"


async def test_what_others_sell_on_the_same_account_is_not_touched(forgotten: History) -> None:
    other = await gateway().order.create({"amount": AMOUNT, "currency": "INR"})
    payment = attempts.begin(forgotten.inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=other["id"]))
    attempts.conclude(forgotten.inside.gateway, payment["id"], "success")
    await forgotten.act(("dashboard refund", 0, "part"))
    assert await _sweep_again() == 0
    async with database.read() as session:
        assert await session.get(Payment, payment["id"]) is None


async def test_a_payment_that_can_not_be_understood_asks_for_a_person(forgotten: History) -> None:
    await forgotten.act(("attempt", 0, "success"))
    with forgotten.inside.gateway.store.transaction():
        [payment] = forgotten.inside.gateway.store.everything("payment")
        payment.entity["currency"] = "rupees"
        forgotten.inside.gateway.store.save(payment)
    assert await _sweep_again() == 1
    await reconcile.check_due()
    [issue] = await rows(Issue)
    assert (issue.kind, issue.about, issue.resolved_at) == ("unreadable", forgotten.gateway_order_ids[0], None)
    words = "Razorpay does not tell about this order: PaymentEntity: currency can't be understood"
    assert await waits_for(forgotten.order_id) == [words]
