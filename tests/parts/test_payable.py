"""What Razorpay can't take is refused before anything is held for it, and what it refuses holds nothing.

On both databases.
"""

import pytest

from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item, quote_for
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.models import Order
from checkout_app.payments import gateway_orders
from checkout_app.payments.checks.scope import EVERYTHING
from checkout_app.payments.checks.shelf import WhatIsOnSaleCanBePaid
from checkout_app.payments.errors import GatewayUnavailable
from checkout_app.payments.models import GatewayOrder
from tests.support.inside import BUYER, Inside, put_on_shelf, reconcile_once, row, rows, timeline, violations

WORDS = "Razorpay does not accept the order, so it was cancelled."


async def _price(variant_id: str, amount: int, currency: str) -> None:
    async with database.write() as session:
        variant = await session.get_one(Variant, variant_id)
        variant.amount, variant.currency = amount, currency


async def _held(variant_id: str) -> int:
    return (await row(Variant, variant_id)).held


@pytest.mark.parametrize(
    ("amount", "currency"), [(50, "INR"), (50_000_001, "INR"), (99991, "KWD"), (1000, "XXX"), (1000, "LAK")]
)
async def test_what_cant_be_paid_is_refused_in_the_quote_and_nothing_is_held(
    inside: Inside, amount: int, currency: str
) -> None:
    cups = await put_on_shelf(9)
    await _price(cups, amount, currency)
    for ask in (quote_for(BUYER, [Item(cups)]), checkout.create_order(BUYER, [Item(cups)])):
        with pytest.raises(InvalidInput) as refused:
            await ask
        assert list(refused.value.fields) == ["items"]
    assert (await rows(Order), await _held(cups), inside.line.calls) == ([], 0, [])


async def test_what_has_two_currencies_is_not_one_order(inside: Inside) -> None:
    cups, lamp = await put_on_shelf(9), await put_on_shelf(9, slug="lamp")
    await _price(lamp, 48000, "USD")
    with pytest.raises(InvalidInput, match="the same currency") as refused:
        await checkout.create_order(BUYER, [Item(cups), Item(lamp)])
    assert (list(refused.value.fields), inside.line.calls) == (["items"], [])


async def test_as_many_as_come_to_enough_can_be_paid(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await _price(cups, 50, "INR")
    await checkout.create_order(BUYER, [Item(cups, 2)])
    assert (await _held(cups), inside.line.calls) == (2, ["POST /v1/orders"])


async def test_check_names_what_is_on_sale_and_cant_be_paid(inside: Inside) -> None:
    assert inside
    for slug, amount, currency in (
        *(("cups", 48000, "INR"), ("cheap", 99, "INR"), ("dear", 50_000_001, "INR"), ("odd", 99991, "KWD")),
        *(("even", 99990, "KWD"), ("strange", 1000, "XXX"), ("gone", 1, "INR")),
    ):
        await _price(product_id := await put_on_shelf(9, slug=slug), amount, currency)
    async with database.write() as session:
        (await session.get_one(Product, product_id)).on_sale = False
    found = await WhatIsOnSaleCanBePaid().check(EVERYTHING)
    assert {violation.subject: violation.detail for violation in found} == {
        "cheap": "One order has to cost at least ₹1.00.",
        "dear": "One order can cost at most ₹5,00,000.00.",
        "odd": "An amount in KWD has to end in 0, which KWD99.991 does not.",
        "strange": "Nothing can be paid in XXX.",
    }


async def test_an_order_that_razorpay_refuses_holds_nothing_and_says_why(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    inside.gateway.settings.change(inside.gateway.store, {"max_amount": 47999})
    with pytest.raises(InvalidInput, match="does not accept this order: Amount exceeds maximum amount allowed"):
        await checkout.create_order(BUYER, [Item(cups)], key="key")
    [order] = await rows(Order)
    assert (order.status, await _held(cups), await timeline(order.id)) == (
        "cancelled",
        0,
        [("created", "The order was made and its items are kept for the buyer."), ("cancelled", WORDS)],
    )
    with pytest.raises(OrderClosed):
        await checkout.create_order(BUYER, [Item(cups)], key="key")
    await reconcile_once(order.id)
    assert await violations() == []


@pytest.mark.parametrize("answer", ["409 Another request is in progress.", "401 Authentication failed", "500", "reset"])
async def test_an_order_of_which_razorpay_has_not_refused_anything_is_kept(inside: Inside, answer: str) -> None:
    cups = await put_on_shelf(9)
    inside.line.troubles = [answer]
    with pytest.raises(GatewayUnavailable):
        await checkout.create_order(BUYER, [Item(cups)], key="key")
    [order] = await rows(Order)
    assert (order.status, await _held(cups)) == ("created", 1)
    made = await checkout.create_order(BUYER, [Item(cups)], key="key")
    assert (made.order.id, made.replayed) == (order.id, True)


async def test_a_look_for_what_got_lost_that_is_refused_gives_nothing_up(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    inside.line.troubles = ["lost"]
    with pytest.raises(GatewayUnavailable):
        await checkout.create_order(BUYER, [Item(cups)], key="key")
    inside.line.troubles = ["400 The id provided does not exist"]
    with pytest.raises(GatewayUnavailable):
        await checkout.create_order(BUYER, [Item(cups)], key="key")
    made = await checkout.create_order(BUYER, [Item(cups)], key="key")
    assert (made.order.status, await _held(cups), len(inside.entities("order"))) == ("created", 1, 1)
    assert [known.id for known in await rows(GatewayOrder)] == [made.razorpay_order_id]
    assert await gateway_orders.open_for_payment(made.order) == await row(GatewayOrder, made.razorpay_order_id)
