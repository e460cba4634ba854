"""The orders that the people of the shop go through: in views, by whatever they type, a page at a time."""

from collections.abc import Sequence

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import database
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import View
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import service as payments
from checkout_app.payments import settle
from checkout_app.payments.models import Payment
from tests.conftest import ON_BOTH
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, rows
from tests.support.zones import make_zones, somewhere

pytestmark = ON_BOTH


async def _placed(product: str, name: str = "Asha Rao", quantity: int = 1) -> PaymentOrder:
    return await checkout.create_order(BUYER, [Item(product, quantity)], to=somewhere(name=name))


async def _paid(inside: Inside, product: str, name: str = "Asha Rao", quantity: int = 1) -> Order:
    return await _pay(inside, await _placed(product, name, quantity))


async def _pay(inside: Inside, made: PaymentOrder) -> Order:
    await History(inside, made.order.id, "", gateway_order_ids=[made.razorpay_order_id]).act(("attempt", 0, "success"))
    await settle.settle(inside.entities("payment")[-1]["id"])
    return made.order


async def _seen(view: View = View.ALL, search: str = "") -> Sequence[str]:
    return [order.id for order in (await listing.list_orders(view, search=search)).items]


@pytest.fixture
async def cups(inside: Inside) -> str:
    assert inside
    await make_zones()
    return await put_on_shelf(50)


async def test_each_view_shows_what_it_says_and_counts_what_there_is_to_do(inside: Inside, cups: str) -> None:
    book = await put_on_shelf(10, slug="book", digital=True)
    unpaid = (await _placed(cups)).order
    to_ship, back, odd = [await _paid(inside, cups) for _ in range(3)]
    files = await _pay(inside, await checkout.create_order(BUYER, [Item(book, 1)]))
    [payment] = [each for each in await rows(Payment) if each.order_id == back.id]
    await payments.refund(payment.id, reason="Broken", request_key="all")
    async with database.write() as session:
        [locked] = await database.lock(session, Order, [odd.id])
        await orders.open_issue(session, locked, IssueKind.OTHER, detail="It looks odd.")
    assert {view: set(await _seen(view)) for view in View} == {
        View.TO_SHIP: {to_ship.id, odd.id},
        View.UNPAID: {unpaid.id},
        View.NEEDS_YOU: {odd.id},
        View.REFUNDED: {back.id},
        View.ALL: {unpaid.id, to_ship.id, back.id, odd.id, files.id},
    }
    assert await listing.counts() == {View.TO_SHIP: 2, View.UNPAID: 1, View.NEEDS_YOU: 1}


async def test_pages_hold_every_order_once_also_while_new_ones_come(inside: Inside, cups: str) -> None:
    there = [(await _paid(inside, cups)).id for _ in range(7)]
    page = await listing.list_orders(limit=3)
    seen = [order.id for order in page.items]
    while page.next_cursor:
        await _paid(inside, cups)
        page = await listing.list_orders(cursor=page.next_cursor, limit=3)
        seen += [order.id for order in page.items]
    assert seen == there[::-1]


async def test_an_order_is_found_by_whatever_is_known_of_it(inside: Inside, cups: str) -> None:
    other = await _paid(inside, cups, "Ravi Menon", quantity=3)
    order = await _paid(inside, cups, "Lakshmi  100% _Rao", quantity=2)
    [payment] = [each for each in await rows(Payment) if each.order_id == order.id]
    plain = order.number.replace("-", "")
    for typed in (
        *(order.number, plain.lower(), f" {plain[:4]} {plain[4:]} ", order.id, payment.id, payment.gateway_order_id),
        *(str(order.amount // 100), f"₹{order.amount / 100:,.2f}"),
    ):
        assert await _seen(search=typed) == [order.id], typed
    for typed in (BUYER.email, BUYER.email.upper(), BUYER.name.lower(), "98765 43210", "+91 98765-43210"):
        assert await _seen(search=typed) == [order.id, other.id], typed


async def test_what_nobody_could_mean_finds_nothing_and_breaks_nothing(inside: Inside, cups: str) -> None:
    await _paid(inside, cups)
    for typed in ("%", "_", "100%", "' OR 1=1 --", "\0", "a\nb", "x" * 81, "pay_nothing00000", "🙂", "9" * 40):
        assert await _seen(search=typed) == [], typed
