"""What a signed success is worth: it belongs to one order, is settled once, and moves nothing by itself."""

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.core import database
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.models import GatewayOrder, Payment
from razorpay_sandbox.payments import attempts
from tests.support.histories import History
from tests.support.inside import BUYER, row, rows, somebody_else
from tests.support.neighbours import move_in
from tests.support.shops import KEY_ID


def _signed(history: History, payment_id: str, gateway_order_id: str = "") -> checkout.PaymentInfo:
    gateway_order_id = gateway_order_id or history.gateway_order_ids[0]
    signature = history.inside.gateway.sign(KEY_ID, f"{gateway_order_id}|{payment_id}")
    return checkout.PaymentInfo(gateway_order_id, payment_id, signature)


def _newest(history: History) -> str:
    return str(history.inside.entities("payment")[-1]["id"])


async def _paid(history: History) -> checkout.PaymentInfo:
    await history.act(("attempt", 0, "success"))
    return _signed(history, _newest(history))


async def test_a_signed_payment_is_read_from_the_gateway_and_pays_its_order(history: History) -> None:
    info = await _paid(history)
    verified = await checkout.verify_payment(BUYER, info)
    assert (verified.order.id, verified.payment.id) == (history.order_id, info.razorpay_payment_id)
    assert (verified.order.status, verified.payment.purpose, verified.replayed) == ("paid", "order", False)


@pytest.mark.parametrize("ended", [False, True], ids=["kept", "returned"])
async def test_a_repetition_is_answered_from_the_books(history: History, *, ended: bool) -> None:
    if ended:
        await history.act(("cancel", 0, ""))
    info = await _paid(history)
    first = await checkout.verify_payment(BUYER, info)
    history.inside.line.calls.clear()
    again = await checkout.verify_payment(BUYER, info)
    assert (first.replayed, again.replayed, history.inside.line.calls) == (False, True, [])
    assert (again.order, again.payment) == (first.order, first.payment)
    assert again.order.status == ("refunded" if ended else "paid")


async def test_a_repetition_settles_what_has_no_purpose_yet(history: History) -> None:
    info = await _paid(history)
    history.inside.line.troubles = ["500", "500", "500"]
    unsure = await checkout.verify_payment(BUYER, info)
    assert (unsure.order.status, unsure.payment.status, unsure.replayed) == ("confirming", "created", False)
    sure = await checkout.verify_payment(BUYER, info)
    assert (sure.order.status, sure.replayed) == ("paid", False)


async def test_a_repetition_while_the_gateway_is_down_still_waits_for_the_same_payment(history: History) -> None:
    info = await _paid(history)
    for _ in range(2):
        history.inside.line.troubles = ["500", "500", "500"]
        unsure = await checkout.verify_payment(BUYER, info)
        assert (unsure.order.status, unsure.payment.status, unsure.replayed) == ("confirming", "created", False)
    assert [payment.id for payment in await rows(Payment)] == [info.razorpay_payment_id]


async def test_a_payment_that_the_gateway_signed_and_does_not_know_yet_is_waited_for(history: History) -> None:
    unknown = _signed(history, "pay_AAAAAAAAAAAAAA")
    verified = await checkout.verify_payment(BUYER, unknown)
    assert (verified.order.id, verified.order.status) == (history.order_id, "confirming")
    assert (verified.payment.id, verified.replayed) == ("pay_AAAAAAAAAAAAAA", False)


@pytest.mark.parametrize("signature", ["", "0" * 64, "ä" * 64])
async def test_what_is_not_signed_is_not_even_asked_about(history: History, signature: str) -> None:
    payment_id = (await _paid(history)).razorpay_payment_id
    history.inside.line.calls.clear()
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, checkout.PaymentInfo(history.gateway_order_ids[0], payment_id, signature))
    assert (history.inside.line.calls, await rows(Payment)) == ([], [])


async def test_a_signature_for_one_order_says_nothing_about_another(history: History) -> None:
    info = await _paid(history)
    await move_in(history)
    other = (await rows(GatewayOrder))[-1].id
    before = await rows(Payment)
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(
            BUYER, checkout.PaymentInfo(other, info.razorpay_payment_id, info.razorpay_signature)
        )
    assert await rows(Payment) == before


async def test_a_payment_of_another_order_does_not_verify_this_one(history: History) -> None:
    neighbour = await move_in(history)
    await history.act(("attempt", 0, "success"))
    theirs = _signed(history, neighbour.begun_id)
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, theirs)
    assert (await row(Order, history.order_id)).status == "created"


async def test_a_payment_of_no_order_does_not_verify_one(history: History) -> None:
    payment_id = attempts.begin(history.inside.gateway, KEY_ID, attempts.AttemptRequest(amount=48000))["id"]
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, _signed(history, payment_id))
    assert (await row(Order, history.order_id)).status == "created"


async def test_a_payment_that_failed_is_not_verified(history: History) -> None:
    await history.act(("attempt", 0, "failure"))
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, _signed(history, _newest(history)))
    assert (await row(Payment, _newest(history))).status == "failed"


async def test_only_the_buyer_verifies_and_only_an_order_of_ours(history: History) -> None:
    info = await _paid(history)
    stranger = await somebody_else()
    with pytest.raises(OrderNotFound):
        await checkout.verify_payment(stranger, info)
    with pytest.raises(OrderNotFound):
        await checkout.verify_payment(BUYER, _signed(history, info.razorpay_payment_id, "order_AAAAAAAAAAAAAA"))
    assert (await rows(Payment), history.inside.line.calls[1:]) == ([], [])


async def test_the_callback_needs_no_session(history: History) -> None:
    info = await _paid(history)
    async with database.read() as session:
        gateway_order = await session.get_one(GatewayOrder, history.gateway_order_ids[0])
    assert (await checkout.verify_signed(gateway_order, info)).order.status == "paid"
    history.inside.line.calls.clear()
    again = await checkout.verify_signed(gateway_order, info)
    assert (again.order.status, again.replayed, history.inside.line.calls) == ("paid", True, [])
