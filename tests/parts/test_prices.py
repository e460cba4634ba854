"""Razorpay itself changes what is paid: an offer lowers it, a fee that the buyer bears raises it. On both databases.

Its order says that nothing is due any more; that is the order's money, whatever its sum.
"""

from collections.abc import Sequence

import pytest

from checkout_app.buyer.order.views import order_view
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments import service, settle, sweep
from checkout_app.payments.checks.report import ledger
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.models import Payment
from checkout_app.payments.record import gather
from checkout_app.payments.recovery.service import Recovery
from checkout_app.seller.service import Terms
from tests.support.acts import in_the_dashboard
from tests.support.happenings import Step
from tests.support.histories import History
from tests.support.inside import Inside, reconcile_once, row, timeline, violations, waits_for
from tests.support.lost import lose_orders
from tests.support.verdict import verdict

OFFER: Step = ("offer", 0, "")
FEE: Step = ("fee", 0, "customer")
PAID = {"offer": 38000, "fee": 49133}
CHANGED = {"offer": OFFER, "fee": FEE}
TOLD: dict[str, Sequence[Step]] = {
    "the browser": [("attempt", 0, "success"), ("callback", 0, "")],
    "webhooks": [("attempt", 0, "success"), ("webhook", 0, ""), ("webhook", 1, ""), ("handle", 0, "")],
    "nobody": [("attempt", 0, "success"), ("poll", 0, "")],
    "nobody, and the bank only agreed": [("attempt", 0, "authorized"), ("poll", 0, "")],
    "a time-out, and then the bank agreed": [("attempt", 0, "late"), ("bank", 0, "success"), ("poll", 0, "")],
    "the browser, while the gateway did not tell of its order": [
        ("attempt", 0, "success"),
        *[("trouble", 1, "html"), ("trouble", 0, "html"), ("trouble", 0, "html")],
        ("callback", 0, ""),
    ],
}
"""How we are told of the payment."""

pytestmark = pytest.mark.parametrize("what", CHANGED)


@pytest.fixture
async def history(inside: Inside, what: str) -> History:
    """An order of ₹480, of which another sum is to be paid."""
    begun = History(inside)
    await begun.begin(on_hand=3, twice=True)
    await begun.act(CHANGED[what])
    return begun


async def _only_payment(history: History) -> Payment:
    [entity] = history.inside.entities("payment")
    return await row(Payment, entity["id"])


async def _paid(history: History) -> Payment:
    await history.live(*TOLD["the browser"])
    return await _only_payment(history)


@pytest.mark.parametrize("told_by", TOLD)
async def test_an_order_is_paid_by_another_sum_when_nothing_is_due_for_it(
    history: History, what: str, told_by: str
) -> None:
    await history.live(*TOLD[told_by])
    await history.end()
    payment = await _only_payment(history)
    assert ((await row(Order, history.order_id)).status, payment.purpose) == ("paid", "order")
    assert (payment.amount, payment.toward_order) == (PAID[what], 48000)
    assert (payment.offer, payment.customer_fee, payment.refundable) == {
        "offer": (10000, 0, 38000),
        "fee": (0, 1133, 48000),
    }[what]
    assert await waits_for(history.order_id) == []
    await verdict(history)


async def test_agreed_money_is_taken_by_its_own_sum(history: History, what: str) -> None:
    await history.live(("attempt", 0, "authorized"), ("poll", 0, ""))
    [taken] = [
        body
        for call, body in zip(history.inside.line.calls, history.inside.line.sent, strict=True)
        if call.endswith("/capture")
    ]
    assert taken == {"amount": PAID[what], "currency": "INR"}


async def test_the_gateways_order_is_asked_about_once(history: History, what: str) -> None:
    assert what
    calls = history.inside.line.calls
    await history.act(("attempt", 0, "success"))
    [entity] = history.inside.entities("payment")
    payment, order = f"GET /v1/payments/{entity['id']}", f"GET /v1/orders/{entity['order_id']}"
    for asked in ([payment, order], [payment]):
        del calls[:]
        await settle.settle(entity["id"])
        assert calls == asked


async def test_what_was_paid_goes_back_and_no_fee(history: History, what: str) -> None:
    payment = await _paid(history)
    with pytest.raises(RefundRefused, match="is left to refund"):
        await service.refund(payment.id, payment.refundable + 1, reason="Broken.", request_key="too much")
    await service.refund(payment.id, 8000, reason="Chipped.", request_key="a part")
    assert (await row(Order, history.order_id)).status == "partially_refunded"
    await service.refund(payment.id, None, reason="Broken.", request_key="the rest")
    assert (await row(Order, history.order_id)).status == "refunded"
    refunded = sum(refund["amount"] for refund in history.inside.entities("refund"))
    assert refunded == (await row(Payment, payment.id)).amount_refunded == min(PAID[what], 48000)
    with pytest.raises(RefundRefused, match=r"^Only ₹0\.00 is left to refund\.$"):
        await service.refund(payment.id, 1, reason="Once more.", request_key="more")
    assert await violations() == []


async def test_all_of_it_goes_back_from_the_dashboard(history: History, what: str) -> None:
    payment = await _paid(history)
    in_the_dashboard(history, payment.id, PAID[what])
    await reconcile_once(history.order_id)
    assert (await row(Order, history.order_id)).status == "refunded"
    with pytest.raises(RefundRefused, match=r"^Only ₹0\.00 is left to refund\.$"):
        await service.refund(payment.id, 1, reason="Once more.", request_key="more")
    assert await violations() == []


@pytest.mark.parametrize("before", ["cancel", "expire"])
async def test_money_that_comes_too_late_goes_back_whole(history: History, what: str, before: str) -> None:
    await history.live((before, 0, ""), ("sell out", 0, ""), ("attempt", 0, "success"), ("poll", 0, ""))
    payment = await _only_payment(history)
    assert ((await row(Order, history.order_id)).status, payment.purpose) == ("refunded", "return")
    assert payment.amount_refunded == PAID[what]
    assert await violations() == []


async def test_a_second_payment_of_another_sum_goes_back_whole(history: History, what: str) -> None:
    await _paid(history)
    await history.live(("offer", 1, ""), ("attempt", 1, "success"), ("poll", 0, ""))
    second = await row(Payment, history.inside.entities("payment")[-1]["id"])
    assert (second.purpose, second.amount_refunded) == ("return", PAID[what])
    await verdict(history)


async def test_money_of_another_sum_waits_for_a_person_as_long_as_something_is_due(history: History, what: str) -> None:
    await history.live(("attempt", 0, "success"))
    with history.inside.gateway.store.transaction():
        order = history.inside.gateway.store.get("order", history.gateway_order_ids[0])
        assert order
        order.entity["amount_due"] = 1
        history.inside.gateway.store.save(order)
    await history.act(("poll", 0, ""))
    sum_in_words = {"offer": "₹380.00", "fee": "₹491.33"}[what]
    words = f"A payment of {sum_in_words} arrived that differs from the order's total."
    assert (await waits_for(history.order_id), (await _only_payment(history)).purpose) == ([words], "attention")


async def test_what_the_books_lost_is_made_again_with_what_was_paid(history: History, what: str) -> None:
    await _paid(history)
    await lose_orders(on_hand=3)
    assert [violation.rule for violation in await violations()] == ["nothing is missing in the books"]
    await Recovery(settings().shop_id, lambda _: None, really=True).run()
    payment = await _only_payment(history)
    assert ((await row(Order, history.order_id)).status, payment.amount, payment.toward_order) == (
        "paid",
        PAID[what],
        48000,
    )
    assert await violations() == []


async def test_news_of_it_that_only_the_sweep_finds_settles_it(history: History, what: str) -> None:
    await history.live(("expire", 0, ""), ("attempt", 0, "success"))
    async with database.write() as session:
        (await session.get_one(Order, history.order_id)).due_at = None
    assert await sweep.sweep_due() == 1
    await reconcile_once(history.order_id)
    assert ((await row(Order, history.order_id)).status, (await _only_payment(history)).amount) == ("paid", PAID[what])
    assert await violations() == []


async def test_the_receipt_says_what_was_ordered_what_changed_it_and_what_was_paid(history: History, what: str) -> None:
    await _paid(history)
    async with database.read() as session:
        record = await gather(session, await session.get_one(Order, history.order_id))
    view = order_view(record, Reader.BUYER, Terms())
    shown = (view.amount, view.payment.offer, view.payment.fee, view.payment.amount, view.message)
    assert (
        shown
        == {
            "offer": ("₹480.00", "₹100.00", "", "₹380.00", "₹380.00 is paid."),
            "fee": ("₹480.00", "", "₹11.33", "₹491.33", "₹491.33 is paid."),
        }[what]
    )
    assert (await timeline(history.order_id))[-1] == ("paid", view.message.replace(" is ", " was "))


async def test_the_books_count_a_fee_by_itself(history: History, what: str) -> None:
    await _paid(history)
    fee = {"offer": 0, "fee": 1133}[what]
    counted = await ledger()
    assert (counted["captured"], counted["order"], counted["fee"]) == (PAID[what], PAID[what] - fee, fee)
