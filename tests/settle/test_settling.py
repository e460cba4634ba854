"""What settling does with money that is not simply there: not yet, no longer, or not the right sum."""

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.core import database
from checkout_app.orders.models import Order
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.models import Payment, PaymentAllocation
from razorpay_sandbox.payments import attempts
from tests.support.acts import other_gateway_order
from tests.support.happenings import Step
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, timeline, violations, waits_for
from tests.support.shops import KEY_ID


async def _order(history: History) -> Order:
    async with database.read() as session:
        return await session.get_one(Order, history.order_id)


async def _act(history: History, *steps: Step) -> None:
    for step in steps:
        await history.act(step)


AGREED_BUT_NOT_TAKEN: tuple[Step, ...] = (("attempt", 0, "authorized"), ("trouble", 1, "500"), ("callback", 0, ""))
SIGNED_BUT_NOT_CONFIRMED: tuple[Step, ...] = (
    ("attempt", 0, "success"),
    ("trouble", 0, "html"),
    ("trouble", 0, "html"),
    ("trouble", 0, "html"),
    ("callback", 0, ""),
)


@pytest.mark.parametrize("steps", [AGREED_BUT_NOT_TAKEN, SIGNED_BUT_NOT_CONFIRMED], ids=["agreed", "signed"])
async def test_an_order_is_confirming_while_its_money_is_on_the_way_and_then_paid(
    history: History, steps: tuple[Step, ...]
) -> None:
    await _act(history, *steps)
    assert (await _order(history)).status == "confirming"
    await history.end()
    assert (await _order(history)).status == "paid"


async def test_an_order_opens_again_when_the_money_was_not_taken_after_all(history: History) -> None:
    await _act(history, *AGREED_BUT_NOT_TAKEN, ("release", 0, ""))
    await history.end()
    order = await _order(history)
    assert (order.status, order.stock) == ("created", "held")
    await _act(history, ("attempt", 0, "success"), ("callback", 1, ""))
    assert (await _order(history)).status == "paid"


async def test_an_order_does_not_open_while_another_payment_is_under_way(history: History) -> None:
    await _act(history, ("begin", 0, ""), ("attempt", 0, "failure"))
    await _act(history, *SIGNED_BUT_NOT_CONFIRMED[1:4], ("bank", 0, "authorized"), ("callback", 0, ""))
    assert (await _order(history)).status == "confirming"


@pytest.mark.parametrize(
    ("amount", "currency", "sum_in_words"),
    [(47999, "INR", "₹479.99"), (48001, "INR", "₹480.01"), (48000, "USD", "$480.00")],
)
async def test_money_of_another_sum_pays_nothing_and_asks_for_a_person(
    history: History, amount: int, currency: str, sum_in_words: str
) -> None:
    inside: Inside = history.inside
    gateway_order_id = await other_gateway_order(history, amount, currency)
    payment = attempts.begin(
        inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=gateway_order_id, currency=currency)
    )
    attempts.conclude(inside.gateway, payment["id"], "success")
    signature = inside.gateway.sign(KEY_ID, f"{gateway_order_id}|{payment['id']}")
    with pytest.raises(PaymentVerificationFailed):
        await checkout.verify_payment(BUYER, checkout.PaymentInfo(gateway_order_id, payment["id"], signature))
    async with database.read() as session:
        assert (await session.get_one(Payment, payment["id"])).purpose == "attention"
        assert await session.get(PaymentAllocation, history.order_id) is None
    words = f"A payment of {sum_in_words} arrived that differs from the order's total."
    assert await waits_for(history.order_id) == [words]
    assert (await timeline(history.order_id))[-1] == ("attention", words)
    assert await violations() == []


@pytest.mark.parametrize("amount", [47999, 48001])
async def test_an_agreed_payment_of_another_sum_is_not_taken(history: History, amount: int) -> None:
    await other_gateway_order(history, amount, "INR")
    await _act(history, ("attempt", 0, "authorized"), ("poll", 0, ""))
    [payment] = history.inside.entities("payment")
    assert (payment["status"], payment["captured"]) == ("authorized", False)
