"""What the shop keeps of what the gateway says about a payment, and what it asks and tells the gateway."""

from datetime import timedelta

import pytest

from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.payments import settle
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.models import Payment, PaymentAllocation, Refund
from razorpay_sandbox.payments import attempts
from tests.support.acts import in_the_dashboard
from tests.support.histories import History
from tests.support.inside import row, rows, timeline, violations, waits_for, written
from tests.support.neighbours import move_in
from tests.support.shops import KEY_ID


async def _begin(history: History) -> str:
    await history.act(("begin", 0, ""))
    return str(history.inside.entities("payment")[0]["id"])


def _said(history: History, payment_id: str, **changes: object) -> PaymentEntity:
    known = {"id": payment_id, "order_id": history.gateway_order_ids[0], "amount": 48000, "currency": "INR"}
    return PaymentEntity.model_validate(known | {"status": "failed"} | changes)


async def test_captured_money_pays_the_order_and_is_kept_whole(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    payment_id = history.inside.entities("payment")[0]["id"]
    before = clock.now()
    settled = await settle.settle(payment_id)
    payment, order = await row(Payment, payment_id), await row(Order, history.order_id)
    assert (settled.payment.model_dump(), settled.order.model_dump()) == (payment.model_dump(), order.model_dump())
    assert (payment.order_id, payment.gateway_order_id) == (history.order_id, history.gateway_order_ids[0])
    assert (payment.amount, payment.currency, payment.amount_refunded) == (48000, "INR", 0)
    assert (payment.status, payment.purpose) == ("captured", "order")
    assert (payment.method, payment.method_detail) == ("card", "Visa ending 1007")
    assert (payment.error_reason, payment.error_description, payment.announced_at) == (None, None, None)
    assert payment.captured_at
    assert before < payment.updated_at < payment.captured_at < clock.now()
    assert (order.status, order.due_at) == ("paid", order.updated_at + timedelta(minutes=1))
    assert (await timeline(order.id))[-1] == ("paid", "₹480.00 was paid.")
    money = {"payment_id": payment_id, "amount": 48000, "currency": "INR"}
    assert (await written(order.id))[-1] == ("paid", "gateway", money)
    allocations = await rows(PaymentAllocation)
    assert [(allocation.order_id, allocation.payment_id) for allocation in allocations] == [(order.id, payment_id)]


async def test_the_same_news_again_changes_nothing_and_asks_nothing_more(history: History, paid: str) -> None:
    before = (await row(Payment, paid), await row(Order, history.order_id), await timeline(history.order_id))
    history.inside.line.calls.clear()
    await settle.settle(paid)
    assert history.inside.line.calls == [f"GET /v1/payments/{paid}"]
    assert (await row(Payment, paid), await row(Order, history.order_id), await timeline(history.order_id)) == before


async def test_a_payment_is_dated_when_a_webhook_first_told_of_it(paid: str) -> None:
    await settle.settle(paid)
    assert (await row(Payment, paid)).announced_at is None
    before = clock.now()
    await settle.settle(paid, announced=True)
    first = (await row(Payment, paid)).announced_at
    assert first
    assert first > before
    await settle.settle(paid, announced=True)
    assert (await row(Payment, paid)).announced_at == first


async def test_why_an_attempt_failed_is_kept_until_its_money_comes_after_all(history: History) -> None:
    await history.live(("attempt", 0, "failure"), ("poll", 0, ""))
    [theirs] = history.inside.entities("payment")
    failed, order = await row(Payment, theirs["id"]), await row(Order, history.order_id)
    assert (failed.status, failed.purpose, failed.captured_at) == ("failed", "none", None)
    assert failed.error_reason
    assert (failed.error_reason, failed.error_description) == (theirs["error_reason"], theirs["error_description"])
    assert (order.status, order.due_at) == ("created", order.updated_at + timedelta(minutes=1))
    lead = "An attempt to pay did not go through."
    assert (await timeline(order.id))[-1] == ("payment_failed", f"{lead} The bank did not say why.")
    assert (await written(order.id))[-1] == ("payment_failed", "gateway", {"payment_id": theirs["id"]})
    await history.live(("bank", 0, "success"), ("poll", 0, ""))
    late = await row(Payment, theirs["id"])
    assert (late.status, late.error_reason, late.error_description) == ("captured", None, None)


async def test_what_is_shown_of_a_payment_is_kept_as_far_as_it_fits(history: History) -> None:
    payment_id = await _begin(history)
    long = {"method": "upi", "vpa": "v" * 200, "error_reason": "r" * 81, "error_description": "d" * 301}
    payment = (await settle.settle_entity(_said(history, payment_id, **long))).payment
    assert (payment.method, payment.method_detail) == ("upi", ("UPI · " + "v" * 200)[:120])
    assert (payment.error_reason, payment.error_description) == ("r" * 80, "d" * 300)


async def test_a_method_of_any_length_is_cut_and_one_that_is_known_is_not_forgotten(history: History) -> None:
    payment_id = await _begin(history)
    named = _said(history, payment_id, status="created", method="m" * 21)
    assert (await settle.settle_entity(named)).payment.method == "m" * 20
    silent = (await settle.settle_entity(_said(history, payment_id, error_reason="", error_description=""))).payment
    assert (silent.method, silent.method_detail) == ("m" * 20, "M" + "m" * 20)
    assert (silent.error_reason, silent.error_description) == (None, None)


async def test_why_an_earlier_attempt_failed_is_not_kept_of_money_that_came(history: History) -> None:
    payment_id = await _begin(history)
    came = _said(history, payment_id, status="captured", error_reason="payment_failed", error_description="It failed.")
    payment = (await settle.settle_entity(came)).payment
    assert (payment.status, payment.error_reason, payment.error_description) == ("captured", None, None)


async def test_a_payment_is_kept_before_the_gateway_can_confirm_it(history: History) -> None:
    payment_id = await _begin(history)
    before = clock.now()
    settled = await settle.await_confirmation(history.gateway_order_ids[0], payment_id)
    payment, order = await row(Payment, payment_id), await row(Order, history.order_id)
    assert (settled.payment.id, settled.order.id, settled.order.status) == (payment_id, order.id, "confirming")
    assert (payment.order_id, payment.gateway_order_id) == (history.order_id, history.gateway_order_ids[0])
    assert (payment.amount, payment.currency, payment.status, payment.purpose) == (48000, "INR", "created", "none")
    assert (payment.method, payment.updated_at > before) == ("", True)
    assert (order.status, order.due_at) == ("confirming", order.updated_at + timedelta(minutes=1))
    words = "Razorpay has the payment; its confirmation is awaited."
    assert (await timeline(order.id))[-1] == ("confirming", words)
    assert (await written(order.id))[-1] == ("confirming", "gateway", {"payment_id": payment_id})


async def test_what_the_gateway_says_outranks_what_the_signature_let_us_assume(history: History) -> None:
    payment_id = await _begin(history)
    await settle.await_confirmation(history.gateway_order_ids[0], payment_id)
    other = _said(history, payment_id, status="captured", captured=True, amount=47000, currency="USD")
    settled = await settle.settle_entity(other)
    assert (settled.payment.amount, settled.payment.currency, settled.payment.purpose) == (47000, "USD", "attention")
    words = "A payment of $470.00 arrived that differs from the order's total."
    assert (await waits_for(history.order_id), (await timeline(history.order_id))[-1]) == (
        [words],
        ("attention", words),
    )


async def test_agreed_money_is_taken_by_its_amount_and_currency(history: History) -> None:
    await history.live(("attempt", 0, "authorized"), ("poll", 0, ""))
    [payment] = history.inside.entities("payment")
    line = history.inside.line
    taken = line.calls.index(f"POST /v1/payments/{payment['id']}/capture")
    assert line.sent[taken] == {"amount": 48000, "currency": "INR"}
    assert (payment["captured"], (await row(Order, history.order_id)).status) == (True, "paid")


async def test_money_that_somebody_else_took_a_moment_ago_pays_the_order_all_the_same(history: History) -> None:
    await history.act(("attempt", 0, "authorized"))
    payment_id = history.inside.entities("payment")[0]["id"]
    entity = PaymentEntity.read(history.inside.entities("payment")[0])
    await history.act(("dashboard capture", 0, ""))
    settled = await settle.settle_entity(entity)
    assert (settled.payment.status, settled.order.status) == ("captured", "paid")
    assert history.inside.line.calls[-2:] == [
        f"POST /v1/payments/{payment_id}/capture",
        f"GET /v1/payments/{payment_id}",
    ]


async def test_agreed_money_that_cant_be_taken_yet_makes_the_order_wait(history: History) -> None:
    await history.act(("attempt", 0, "authorized"))
    history.inside.line.troubles = [None, "reset"]
    settled = await settle.settle(history.inside.entities("payment")[0]["id"])
    assert (settled.payment.status, settled.payment.purpose, settled.order.status) == (
        "authorized",
        "none",
        "confirming",
    )
    assert (await timeline(history.order_id))[-1] == ("confirming", "The bank has agreed; the payment is being taken.")
    agreed = {"payment_id": settled.payment.id, "authorized": 1}
    assert (await written(history.order_id))[-1] == ("confirming", "gateway", agreed)


@pytest.mark.parametrize("how", ["success", "authorized"])
async def test_the_second_payment_of_a_paid_order_goes_back_or_is_not_even_taken(history: History, how: str) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.live(("attempt", 0, "success"), ("poll", 0, ""), ("attempt", 1, how), ("poll", 0, ""))
    first, second = history.inside.entities("payment")
    assert (await row(Order, history.order_id)).status == "paid"
    if how == "authorized":
        assert (second["status"], second["captured"]) == ("authorized", False)
    else:
        assert (first["amount_refunded"], second["amount_refunded"]) == (0, 48000)
        assert (await row(Payment, second["id"])).purpose == "return"
        why = "The order was paid twice, so this payment goes back."
        assert ("returning", why) in await timeline(history.order_id)


async def test_money_that_comes_when_all_is_sold_goes_back_and_ends_the_order(history: History) -> None:
    await history.live(("expire", 0, ""), ("sell out", 0, ""), ("attempt", 0, "authorized"), ("trouble", 1, "500"))
    await history.live(("callback", 0, ""), ("poll", 0, ""))
    told = await timeline(history.order_id)
    assert ("sold_out", "Its items were sold to others meanwhile.") in told
    why = "The payment came after the hold ended, and the items were sold to others meanwhile."
    assert ("returning", why) in told
    assert ("refund", f"₹480.00 was sent back. {why}") in told
    assert (await row(Order, history.order_id)).status == "refunded"
    assert await violations() == []


@pytest.mark.parametrize("how", ["success", "authorized"])
async def test_a_payment_without_an_order_is_foreign_and_is_left_alone(history: History, how: attempts.Outcome) -> None:
    gateway = history.inside.gateway
    payment_id = attempts.begin(gateway, KEY_ID, attempts.AttemptRequest(amount=48000))["id"]
    attempts.conclude(gateway, payment_id, how)
    before = history.inside.entities("payment")
    with pytest.raises(settle.ForeignPayment, match=f"^{payment_id}$"):
        await settle.settle(payment_id)
    assert (history.inside.entities("payment"), await rows(Payment)) == (before, [])


async def test_an_order_opens_again_although_another_orders_payment_is_under_way(history: History) -> None:
    await history.act(("begin", 0, ""))
    payment_id = history.inside.entities("payment")[0]["id"]
    await settle.await_confirmation(history.gateway_order_ids[0], payment_id)
    await move_in(history)
    settled = await settle.settle_entity(_said(history, payment_id))
    assert settled.order.status == "created"
    assert (await timeline(history.order_id))[-1] == (
        "reopened",
        "The payment did not go through; it can be tried again.",
    )
    assert (await written(history.order_id))[-1] == ("reopened", "gateway", {})


async def test_settling_answers_the_order_as_its_refunds_left_it(history: History, paid: str) -> None:
    in_the_dashboard(history, paid, 48000)
    settled = await settle.settle(paid)
    assert (settled.order.status, settled.payment.amount_refunded) == ("refunded", 48000)


async def test_settling_one_order_leaves_the_refunds_of_others_to_their_turn(history: History, paid: str) -> None:
    neighbour = await move_in(history)
    async with database.write() as session:
        (await session.get_one(Refund, neighbour.planned.id)).due_at = clock.now()
    await settle.settle(paid)
    assert (await row(Refund, neighbour.planned.id)).status == "planned"


async def test_refreshing_reads_every_payment_of_this_order_and_of_no_other(history: History) -> None:
    await history.act(("attempt", 0, "success"))
    await move_in(history)
    history.inside.line.calls.clear()
    assert await settle.refresh(history.order_id) == []
    assert history.inside.line.calls == [f"GET /v1/orders/{history.gateway_order_ids[0]}/payments"]
    assert (await row(Order, history.order_id)).status == "paid"
    assert (await rows(Payment))[-1].announced_at is None


@pytest.mark.parametrize("status", ["created", "authorized"])
async def test_an_order_goes_on_waiting_for_one_payment_when_another_failed(history: History, status: str) -> None:
    payment_id = await _begin(history)
    await history.act(("begin", 0, ""))
    other_id = history.inside.entities("payment")[1]["id"]
    await settle.await_confirmation(history.gateway_order_ids[0], payment_id)
    history.inside.line.troubles = ["reset"]
    await settle.settle_entity(_said(history, payment_id, status=status))
    history.inside.line.troubles.clear()
    settled = await settle.settle_entity(_said(history, other_id))
    assert (settled.payment.status, settled.order.status) == ("failed", "confirming")
