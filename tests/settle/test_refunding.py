"""What refunding does: how much may go back, when the gateway is asked for it, and what its answers change."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.core import clock, database, due
from checkout_app.orders.models import Order
from checkout_app.payments import refunded, refunds, service
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import RefundStatus
from tests.support.acts import in_the_dashboard
from tests.support.histories import History
from tests.support.inside import let_refund_be_due, row, timeline, violations, waits_for, written
from tests.support.neighbours import Neighbour, move_in

PAUSES = (60, 60, 60, 300, 900, 3600, 21600, 21600)
"""Seconds between two tries to have a refund carried out: never sooner than another worker's lease ends."""


pytestmark = pytest.mark.usefixtures("neighbour")


async def _plan(payment_id: str, amount: int | None, key: str = "key", reason: str = "Asked for.") -> Refund:
    async with database.write() as session:
        payment = await session.get_one(Payment, payment_id)
        return await refunds.plan(session, payment, amount, reason=reason, request_key=key)


def _sent(history: History, payment_id: str) -> list[int]:
    refunds_there = history.inside.entities("refund")
    return [refund["amount"] for refund in refunds_there if refund["payment_id"] == payment_id]


async def test_how_little_razorpay_sends_back_is_a_matter_of_the_currency(paid: str) -> None:
    async with database.write() as session:
        payment = await session.get_one(Payment, paid)
        payment.currency = "USD"
        with pytest.raises(RefundRefused, match=r"^Razorpay sends back \$0\.50 at least"):
            await refunds.plan(session, payment, 49, request_key="less")
        assert (await refunds.plan(session, payment, 50, request_key="least")).amount == 50


async def test_a_refund_is_written_down_whole_before_the_gateway_is_asked(history: History, paid: str) -> None:
    history.inside.line.calls.clear()
    before = clock.now()
    refund = await row(Refund, (await _plan(paid, 10000)).id)
    assert (refund.payment_id, refund.order_id, refund.request_key) == (paid, history.order_id, "key")
    assert (refund.amount, refund.currency, refund.status, refund.reason) == (10000, "INR", "planned", "Asked for.")
    assert (refund.gateway_refund_id, refund.attempts, refund.failure) == (None, 0, None)
    assert (refund.cause, refund.restock) == ("requested", True)
    assert refund.due_at
    assert before <= refund.due_at <= clock.now()
    assert history.inside.line.calls == []


async def test_the_same_key_is_the_same_refund_of_the_same_payment(neighbour: Neighbour, paid: str) -> None:
    first = await _plan(paid, 10000, neighbour.planned.request_key)
    assert first.id != neighbour.planned.id
    for amount in (10000, None):
        assert (await _plan(paid, amount, neighbour.planned.request_key)).id == first.id
    with pytest.raises(RefundRefused, match=r"^This refund was already asked for with another amount\.$"):
        await _plan(paid, 10001, neighbour.planned.request_key)
    assert (await _plan(paid, 10000, "another key")).id != first.id


async def test_no_more_goes_back_than_is_left(paid: str) -> None:
    first = await _plan(paid, 30000, "first")
    for amount in (18001, 0, -1):
        with pytest.raises(RefundRefused, match=r"^Only ₹180\.00 is left to refund\.$"):
            await _plan(paid, amount, f"refund of {amount}")
    assert (await _plan(paid, 100, "the smallest")).amount == 100
    assert (await _plan(paid, 17900, "all that is left")).amount == 17900
    with pytest.raises(RefundRefused, match=r"^Only ₹0\.00 is left"):
        await _plan(paid, None, "nothing is left")
    async with database.write() as session:
        (await session.get_one(Refund, first.id)).status = RefundStatus.FAILED
    assert (await _plan(paid, None, "what a failed one sets free")).amount == 30000


async def test_the_gateway_is_asked_for_what_was_planned_under_the_refunds_own_key(history: History, paid: str) -> None:
    before = clock.now()
    refund = await service.refund(paid, 10000, reason="One cup broke.", request_key="key")
    theirs = history.inside.entities("refund")[-1]
    assert (theirs["payment_id"], theirs["amount"], theirs["receipt"]) == (paid, 10000, refund.id)
    assert theirs["notes"] == {"reason": "One cup broke."}
    assert (refund.id, theirs["id"]) in history.inside.gateway.store.rows("SELECT key, entity_id FROM idempotency")
    assert (refund.gateway_refund_id, refund.status, refund.due_at) == (theirs["id"], "processed", None)
    assert before < refund.updated_at
    order, payment = await row(Order, history.order_id), await row(Payment, paid)
    assert (payment.amount_refunded, order.status) == (10000, "partially_refunded")
    assert order.due_at == order.updated_at + timedelta(minutes=1)
    assert order.updated_at > before
    assert (await timeline(order.id))[-2:] == [
        ("refund", "₹100.00 was sent back. One cup broke."),
        ("partially_refunded", "₹100.00 of the payment has been refunded."),
    ]
    money = {"amount": 10000, "currency": "INR"}
    assert (await written(order.id))[-2:] == [
        ("refund", "gateway", {"refund_id": refund.id, **money, "sent": 1}),
        ("partially_refunded", "gateway", money),
    ]


async def test_an_order_says_how_much_of_its_payment_went_back(history: History, paid: str) -> None:
    for amount, status in ((1, "partially_refunded"), (47998, "partially_refunded"), (1, "refunded")):
        in_the_dashboard(history, paid, amount)
        await history.act(("poll", 0, ""))
        assert (await row(Order, history.order_id)).status == status
    before = await timeline(history.order_id)
    await refunded.adopt(paid)
    assert await timeline(history.order_id) == before
    assert await violations() == []


async def test_due_refunds_are_sent_oldest_first_and_never_one_that_is_not_due(history: History, paid: str) -> None:
    planned = [(await _plan(paid, amount, f"{amount}")).id for amount in (101, 102, 103, 104)]
    for refund_id, ago in zip(planned, (10, 30, 20, -60), strict=True):
        await let_refund_be_due(refund_id, ago)
    history.inside.line.calls.clear()
    assert await refunds.carry_out_due(history.order_id) == 3
    assert await refunds.carry_out_due(history.order_id) == 0
    assert _sent(history, paid) == [102, 103, 101]
    assert history.inside.line.calls == [f"POST /v1/payments/{paid}/refund"] * 3


async def test_the_refunds_of_one_order_or_of_all_are_carried_out(history: History, paid: str) -> None:
    other = await move_in(history)
    await _plan(paid, 101)
    await let_refund_be_due(other.planned.id)
    assert await refunds.carry_out_due(other.order_id) == 1
    assert (_sent(history, other.payment_id), _sent(history, paid)) == ([200, 300], [])
    assert await refunds.carry_out_due() == 1
    assert _sent(history, paid) == [101]


async def test_all_refunds_are_carried_out_in_one_round_also_more_than_are_taken_on_at_once(
    history: History, paid: str
) -> None:
    amounts = list(range(100, 101 + due.BATCH))
    for amount in amounts:
        await _plan(paid, amount, f"{amount}")
    assert await refunds.carry_out_due() == len(amounts)
    assert _sent(history, paid) == amounts


async def test_a_refund_without_an_answer_is_asked_for_again_ever_later(history: History, paid: str) -> None:
    refund = await _plan(paid, 10000)
    for attempt, seconds in enumerate(PAUSES, start=1):
        await let_refund_be_due(refund.id)
        history.inside.line.troubles = ["reset"]
        before = clock.now()
        assert await refunds.carry_out_due() == 0
        tried = await row(Refund, refund.id)
        assert tried.due_at
        assert before <= tried.due_at - timedelta(seconds=seconds) <= clock.now()
        assert (tried.status, tried.attempts) == ("planned", attempt)
    assert await refunds.carry_out_due() == 0
    await let_refund_be_due(refund.id)
    assert await refunds.carry_out_due() == 1
    assert _sent(history, paid) == [10000]


@pytest.mark.parametrize("change", [{"due_at": None}, {"status": "pending"}, {"due_at": "later"}], ids=repr)
async def test_what_another_worker_has_taken_on_or_done_with_is_left_alone(
    history: History, paid: str, change: dict[str, Any]
) -> None:
    first, second = await _plan(paid, 101, "first"), await _plan(paid, 102, "second")
    async with database.write() as session:
        changes = {"due_at": clock.now() + timedelta(minutes=1)} if change == {"due_at": "later"} else change
        await session.exec(update(Refund).where(col(Refund.id) == second.id).values(changes))
    await let_refund_be_due(first.id)
    assert await refunds.carry_out_due() == 1
    assert (_sent(history, paid), (await row(Refund, second.id)).attempts) == ([101], 0)


async def test_a_worker_that_comes_second_finds_nothing_to_do(history: History, paid: str) -> None:
    planned = [await _plan(paid, amount, f"{amount}") for amount in (101, 102)]
    done: list[int] = []

    async def another_worker_comes() -> None:
        done.append(await refunds.carry_out_due())
        done.append(await refunds.carry_out_due(history.order_id))

    history.inside.line.calls.clear()
    history.inside.line.meanwhile = another_worker_comes
    assert (await refunds.carry_out_due(), done) == (2, [0, 0])
    assert history.inside.line.calls == [f"POST /v1/payments/{paid}/refund"] * 2
    assert [(await row(Refund, refund.id)).attempts for refund in planned] == [1, 1]


@pytest.mark.parametrize("status", ["pending", "processed", "failed"])
async def test_a_refund_whose_fate_became_known_while_it_waited_for_its_turn_is_not_asked_for(
    history: History, paid: str, status: str
) -> None:
    first, second = await _plan(paid, 101, "first"), await _plan(paid, 102, "second")
    for refund, ago in ((first, 2), (second, 1)):
        await let_refund_be_due(refund.id, ago)

    async def the_gateway_tells() -> None:
        async with database.write() as session:
            await session.exec(update(Refund).where(col(Refund.id) == second.id).values(status=status, due_at=None))

    history.inside.line.meanwhile = the_gateway_tells
    assert await refunds.carry_out_due() == 1
    assert _sent(history, paid) == [101]


async def test_a_refund_that_is_due_this_very_instant_is_carried_out(
    history: History, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund = await _plan(paid, 10000)
    monkeypatch.setattr(clock, "now", lambda: refund.due_at)
    assert await refunds.carry_out_due(history.order_id) == 1


async def test_a_refund_that_is_under_way_elsewhere_waits_and_is_not_refused(history: History, paid: str) -> None:
    history.inside.line.troubles = ["409 The same request is in progress."]
    refund = await service.refund(paid, 48000, reason="All.", request_key="key")
    assert (refund.status, refund.failure, await waits_for(history.order_id)) == ("planned", None, [])
