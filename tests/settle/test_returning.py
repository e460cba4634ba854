"""Money that can't be kept: it goes back whole, whatever else went back, and the order says what became of it."""

import pytest

from checkout_app.core import clock
from checkout_app.orders.models import Order
from checkout_app.payments import refunded, refunds, service
from checkout_app.payments.models import Payment, Refund
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import History
from tests.support.inside import let_refund_be_due, row, rows, timeline, violations, waits_for, written
from tests.support.neighbours import move_in


async def _returning(history: History, ended: str = "cancelled") -> str:
    """Let money come for an order that ended, next to an order that is paid; the payment's id."""
    await history.live(("cancel" if ended == "cancelled" else "expire", 0, ""), ("attempt", 0, "success"))
    payment_id = str(history.inside.entities("payment")[0]["id"])
    await move_in(history)
    return payment_id


async def _refunds(payment_id: str) -> list[Refund]:
    return [refund for refund in await rows(Refund) if refund.payment_id == payment_id]


async def test_money_for_an_order_that_ended_goes_back_whole(history: History) -> None:
    payment_id = await _returning(history)
    before = clock.now()
    await history.act(("poll", 0, ""))
    [refund] = await _refunds(payment_id)
    why = "The order was cancelled before this payment arrived."
    assert (refund.amount, refund.status, refund.request_key) == (48000, "processed", f"return-{payment_id}")
    payment = await row(Payment, payment_id)
    assert (payment.purpose, payment.amount_refunded, refund.cause, refund.reason) == ("return", 48000, "cancelled", "")
    assert refunds.reason_of(refund) == why
    assert payment.captured_at
    assert payment.captured_at > before
    assert (await timeline(history.order_id))[-3:] == [
        ("returning", why),
        ("refund", f"₹480.00 was sent back. {why}"),
        ("returned", "Everything that was paid has been sent back."),
    ]
    assert (await written(history.order_id))[-3:] == [
        ("returning", "shop", {"payment_id": payment_id, "cause": "cancelled"}),
        ("refund", "gateway", {"refund_id": refund.id, "amount": 48000, "currency": "INR", "sent": 1}),
        ("returned", "gateway", {}),
    ]


async def test_money_that_cant_be_kept_goes_back_whole_even_when_a_part_went_by_hand(history: History) -> None:
    payment_id = await _returning(history)
    in_the_dashboard(history, payment_id, 10000)
    await history.live(("poll", 0, ""), ("poll", 0, ""))
    whole, by_hand, rest = await _refunds(payment_id)
    assert (whole.amount, whole.status) == (48000, "failed")
    assert (by_hand.amount, by_hand.status, by_hand.cause) == (10000, "processed", "dashboard")
    assert refunds.reason_of(by_hand) == "Made in the Razorpay dashboard."
    assert (rest.amount, rest.status, rest.request_key) == (38000, "processed", f"rest-{whole.id}")
    assert (rest.cause, rest.reason) == (whole.cause, whole.reason) == ("cancelled", "")
    assert (await row(Order, history.order_id)).status == "refunded"


async def test_what_a_person_wrote_of_a_refund_goes_on_with_the_rest_of_it(history: History) -> None:
    payment_id = await _returning(history)
    await history.live(("refunds end", 0, "pending"), ("poll", 0, ""))
    at_the_bank(history, "failed")
    await history.live(("poll", 0, ""), ("refunds end", 0, "no_balance"))
    again = await service.refund(payment_id, None, reason="Once more.", request_key="again")
    refunds_end(history, "processed")
    in_the_dashboard(history, payment_id, 10000)
    await let_refund_be_due(again.id)
    for _ in range(2):
        await refunds.carry_out_due(history.order_id)
    rest = (await _refunds(payment_id))[-1]
    assert (rest.amount, rest.status, rest.request_key) == (38000, "processed", f"rest-{again.id}")
    assert (rest.cause, rest.reason) == ("requested", "Once more.")
    assert await violations() == []


async def test_money_that_went_back_whole_by_hand_is_not_sent_again(history: History) -> None:
    payment_id = await _returning(history)
    in_the_dashboard(history, payment_id, 48000)
    await history.act(("poll", 0, ""))
    assert [(refund.amount, refund.status) for refund in await _refunds(payment_id)] == [
        (48000, "failed"),
        (48000, "processed"),
    ]
    assert (await row(Order, history.order_id)).status == "refunded"


async def test_the_last_paisa_is_part_of_what_goes_back(history: History) -> None:
    payment_id = await _returning(history)
    in_the_dashboard(history, payment_id, 47999)
    await history.act(("poll", 0, ""))
    assert [refund.amount for refund in await _refunds(payment_id)] == [48000, 47999, 1]


async def test_refunds_planned_beside_one_by_hand_of_the_whole_are_given_up_one_by_one(history: History) -> None:
    payment_id = await _returning(history)
    await history.live(("refunds end", 0, "pending"), ("poll", 0, ""))
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    refunds_end(history, "no_balance")
    parts = [
        await service.refund(payment_id, amount, reason="Once more.", request_key=f"{amount}")
        for amount in (10000, 38000)
    ]
    refunds_end(history, "processed")
    in_the_dashboard(history, payment_id, 48000)
    for part in parts:
        await let_refund_be_due(part.id)
        await refunds.carry_out_due(history.order_id)
        assert (await row(Refund, part.id)).status == "failed"
    assert (await row(Order, history.order_id)).status == "refunded"
    assert await violations() == []


@pytest.mark.parametrize("ended", ["cancelled", "expired"])
async def test_an_order_whose_money_did_not_get_back_is_what_it_was(history: History, ended: str) -> None:
    await _returning(history, ended)
    await history.live(("sell out", 0, ""), ("refunds end", 0, "pending"), ("poll", 0, ""))
    assert (await row(Order, history.order_id)).status == "refunded"
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    order = await row(Order, history.order_id)
    words = "The refund of ₹480.00 failed at the bank."
    assert (order.status, await waits_for(order.id)) == (ended, [words])
    assert (await timeline(order.id))[-2:] == [
        ("attention", words),
        ("return_failed", "A refund did not reach the buyer."),
    ]
    assert (await written(order.id))[-1] == ("return_failed", "gateway", {})


async def test_of_two_payments_that_go_back_both_must_be_back_for_the_order_to_be_refunded(history: History) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.live(("cancel", 0, ""), ("attempt", 0, "success"), ("attempt", 1, "success"), ("poll", 0, ""))
    at_first = await row(Order, history.order_id)
    assert (at_first.status, len(await rows(Refund))) == ("refunded", 2)
    history.inside.line.troubles = ["reset"]
    await refunded.adopt(history.inside.entities("payment")[0]["id"])
    assert await violations() == []


@pytest.mark.parametrize("ended", ["cancel", "expire"])
async def test_the_second_payment_of_an_order_that_ended_goes_the_way_of_the_first(
    history: History, ended: str
) -> None:
    await history.begin(on_hand=1, twice=True)
    await history.live((ended, 0, ""), ("sell out", 0, ""), ("attempt", 0, "success"), ("poll", 0, ""))
    await history.live(("refunds end", 0, "pending"), ("attempt", 1, "authorized"), ("dashboard capture", 1, ""))
    history.inside.line.troubles = [None, None, "reset"]
    await history.act(("poll", 0, ""))
    assert [payment.purpose for payment in await rows(Payment)] == ["return", "return"]
    assert await violations() == []
    await let_refund_be_due((await rows(Refund))[-1].id)
    await refunds.carry_out_due()
    assert (await row(Order, history.order_id)).status == "refunded"
    assert await violations() == []


async def test_agreed_money_for_an_order_that_ended_by_the_buyer_is_not_even_taken(history: History) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.live(("cancel", 0, ""), ("attempt", 0, "success"), ("poll", 0, ""))
    await history.live(("attempt", 1, "authorized"), ("poll", 0, ""))
    assert [payment["status"] for payment in history.inside.entities("payment")] == ["refunded", "authorized"]


async def test_money_that_the_bank_only_agreed_to_and_that_was_let_go_says_so(history: History) -> None:
    await history.live(("cancel", 0, ""), ("attempt", 0, "authorized"), ("release", 0, ""), ("poll", 0, ""))
    [payment], [refund] = await rows(Payment), await rows(Refund)
    assert (payment.status, payment.purpose, refund.status, refund.cause) == ("voided", "none", "processed", "voided")
    assert refunds.reason_of(refund) == "The bank's agreement lapsed before the money was taken."
