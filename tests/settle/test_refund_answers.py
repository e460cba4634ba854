"""What the gateway's answers make of a refund: refused, made elsewhere, on its way, arrived, or failed at the bank."""

from datetime import timedelta
from typing import Any

import pytest

from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.payments import refunded, refunds, service, settle
from checkout_app.payments.models import Payment, Refund
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import History
from tests.support.inside import row, rows, timeline, violations, waits_for
from tests.support.neighbours import Neighbour

pytestmark = pytest.mark.usefixtures("neighbour")


async def _newest(payment_id: str) -> Refund:
    return [refund for refund in await rows(Refund) if refund.payment_id == payment_id][-1]


async def _carry_out(history: History) -> int:
    async with database.write() as session:
        (await session.get_one(Refund, (await rows(Refund))[-1].id)).due_at = clock.now()
    return await refunds.carry_out_due(history.order_id)


async def test_a_refund_that_is_refused_while_money_is_left_stays_planned_and_asks_for_a_person(
    history: History, paid: str
) -> None:
    refunds_end(history, "no_balance")
    refund = await service.refund(paid, 48000, reason="All.", request_key="key")
    why = "Your account does not have enough balance to carry out the refund operation."
    assert (refund.status, refund.failure) == ("planned", why)
    assert refund.due_at
    assert refund.due_at > clock.now()
    order = await row(Order, history.order_id)
    assert (order.status, await waits_for(order.id)) == ("paid", [f"Razorpay refuses to refund ₹480.00: {why}"])
    assert await _carry_out(history) == 0
    refunds_end(history, "processed")
    assert await _carry_out(history) == 1
    assert (await row(Refund, refund.id)).status == "processed"
    assert (await row(Order, history.order_id)).status == "refunded"


async def test_why_the_gateway_refused_is_kept_as_far_as_it_fits(history: History, paid: str) -> None:
    history.inside.line.troubles = ["400 " + "w" * 301]
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")
    assert refund.failure == "w" * 300


async def test_a_refund_that_another_worker_brought_home_is_not_called_refused(history: History, paid: str) -> None:
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")

    async def another_worker_comes() -> None:
        async with database.write() as session:
            (await session.get_one(Refund, (await _newest(paid)).id)).status = "processed"

    history.inside.line.troubles = ["400 No."]
    history.inside.line.meanwhile = another_worker_comes
    refund = await service.refund(paid, 10000, reason="Part.", request_key="another key")
    assert (refund.status, refund.failure, await waits_for(history.order_id)) == ("processed", None, [])


@pytest.mark.parametrize(("elsewhere", "status"), [(37999, "processed"), (38000, "processed"), (38001, "failed")])
async def test_a_refund_ends_when_less_is_left_than_it_wants_to_return(
    history: History, paid: str, elsewhere: int, status: str
) -> None:
    made = in_the_dashboard(history, paid, elsewhere)
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")
    assert (refund.status, refund.due_at) == (status, None)
    payment, order = await row(Payment, paid), await row(Order, history.order_id)
    await settle.settle(paid)
    adopted = [found for found in await rows(Refund) if found.gateway_refund_id == made]
    assert [(found.amount, found.status) for found in adopted] == [(elsewhere, "processed")]
    if status == "failed":
        assert refund.failure == "The total refund amount is greater than the refund payment amount"
        assert (payment.amount_refunded, order.status) == (38001, "partially_refunded")
        assert await waits_for(order.id) == []
    assert len([found for found in await rows(Refund) if found.payment_id == paid]) == 2


async def test_a_refund_of_the_dashboard_is_taken_over_whole(history: History, paid: str) -> None:
    before = clock.now()
    made = in_the_dashboard(history, paid, 10000)
    await settle.settle(paid)
    refund = await _newest(paid)
    assert (refund.order_id, refund.gateway_refund_id) == (history.order_id, made)
    assert (refund.cause, refund.reason, refund.restock) == ("dashboard", "", True)
    assert (refund.amount, refund.currency, refund.status, refund.due_at) == (10000, "INR", "processed", None)
    assert refund.updated_at > before
    why = "Made in the Razorpay dashboard."
    assert refunds.reason_of(refund) == why
    assert ("refund", f"₹100.00 was sent back. {why}") in await timeline(history.order_id)


async def test_every_refund_of_a_payment_is_taken_over_not_only_the_newest_hundred(history: History, paid: str) -> None:
    for amount in range(100, 201):
        in_the_dashboard(history, paid, amount)
    await settle.settle(paid)
    assert (await row(Payment, paid)).amount_refunded == sum(range(100, 201))
    assert await violations() == []


async def test_a_refund_whose_reply_was_lost_is_known_again_by_its_receipt(history: History, paid: str) -> None:
    history.inside.line.troubles = ["lost"]
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")
    assert (refund.status, refund.gateway_refund_id) == ("planned", None)
    await settle.settle(paid)
    [known] = [found for found in await rows(Refund) if found.payment_id == paid]
    assert (known.id, known.status, known.due_at) == (refund.id, "processed", None)
    assert known.gateway_refund_id == history.inside.entities("refund")[-1]["id"]


async def test_a_receipt_is_only_believed_for_its_own_payment_and_once(
    history: History, neighbour: Neighbour, paid: str
) -> None:
    made = await service.refund(paid, 10000, reason="Part.", request_key="key")
    foreign = in_the_dashboard(history, paid, 101, receipt=neighbour.planned.id)
    again = in_the_dashboard(history, paid, 102, receipt=made.id)
    await settle.settle(paid)
    ours = {refund.gateway_refund_id: refund.amount for refund in await rows(Refund) if refund.payment_id == paid}
    assert ours == {made.gateway_refund_id: 10000, foreign: 101, again: 102}


async def _known(refund_id: str) -> dict[str, Any]:
    return (await row(Refund, refund_id)).model_dump()


async def test_a_refund_on_its_way_is_told_of_once_more_with_the_banks_number_when_it_was_sent(
    history: History, paid: str
) -> None:
    refunds_end(history, "pending")
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")
    assert (refund.status, refund.due_at, refund.bank_reference) == ("pending", None, None)
    assert await refunded.are_pending(paid)
    assert (await row(Payment, paid)).amount_refunded == 10000
    before = await timeline(history.order_id)
    assert ("refund", "₹100.00 is on its way back. Part.") in before
    at_the_bank(history, "processed")
    moment = clock.now()
    await settle.settle(paid)
    arrived = await row(Refund, refund.id)
    assert (arrived.status, len(arrived.bank_reference or "")) == ("processed", 12)
    assert arrived.updated_at > moment
    order = await row(Order, history.order_id)
    assert (order.due_at, order.updated_at > moment) == (order.updated_at + timedelta(minutes=1), True)
    assert await timeline(history.order_id) == [*before, ("refund", "₹100.00 was sent back. Part.")]
    assert not await refunded.are_pending(paid)
    await refunded.adopt(paid)
    assert await _known(refund.id) == arrived.model_dump()


async def test_a_refund_that_the_bank_returns_is_the_shops_money_again_and_asks_for_a_person(
    history: History, paid: str
) -> None:
    refunds_end(history, "pending")
    refund = await service.refund(paid, 10000, reason="Part.", request_key="key")
    at_the_bank(history, "failed")
    await settle.settle(paid)
    order = await row(Order, history.order_id)
    assert ((await row(Refund, refund.id)).status, (await row(Payment, paid)).amount_refunded) == ("failed", 0)
    words = "The refund of ₹100.00 failed at the bank."
    assert (order.status, await waits_for(order.id)) == ("paid", [words])
    assert (await timeline(order.id))[-2:] == [
        ("attention", words),
        ("refund_failed", "A refund did not reach the buyer."),
    ]
