"""The shop's people find its orders: by view, by what they type, and page by page, on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import View, list_orders
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, Stock
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import settle
from tests.conftest import ON_BOTH
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, somebody_else
from tests.support.zones import somewhere

pytestmark = ON_BOTH
SOLD: Final[Mapping[str, Any]] = {"stock": Stock.SOLD, "payment_status": "paid"}
PLACES: Final[Mapping[str, tuple[Mapping[str, Any], set[View]]]] = {
    "new": ({}, {View.UNPAID}),
    "at the bank": ({"payment_status": "confirming"}, {View.UNPAID}),
    "expired": ({"state": "expired", "stock": Stock.RELEASED}, set()),
    "paid": (SOLD, {View.TO_SHIP}),
    "part of it sent": ({**SOLD, "fulfilment_status": "partly_shipped"}, {View.TO_SHIP}),
    "sent": ({**SOLD, "fulfilment_status": "shipped"}, set()),
    "part of it back": ({**SOLD, "payment_status": "partially_refunded"}, {View.TO_SHIP, View.REFUNDED}),
    "back": ({"payment_status": "refunded", "stock": Stock.RESTOCKED}, {View.REFUNDED}),
}
"""Where an order may stand, and in which views it is beside that of all."""


async def _order(product_id: str, *, units: int = 1, **values: Any) -> Order:
    """Make an order, and let it be what it may become."""
    made = await checkout.create_order(BUYER, [Item(product_id, units)])
    async with database.write() as session:
        order = await session.get_one(Order, made.order.id)
        for name, value in values.items():
            setattr(order, name, value)
    return await row(Order, made.order.id)


async def _complain(order: Order) -> None:
    async with database.write() as session:
        [locked] = await database.lock(session, Order, [order.id])
        await orders.open_issue(session, locked, IssueKind.OTHER, detail="It looks odd.")


async def _found(typed: str, view: View = View.ALL) -> Sequence[str]:
    return [found.id for found in (await list_orders(view, search=typed)).items]


async def test_each_order_is_in_the_views_in_which_something_is_to_be_done_about_it(inside: Inside) -> None:
    assert inside
    cups, book = await put_on_shelf(99), await put_on_shelf(99, slug="book", digital=True)
    placed = {name: await _order(cups, **values) for name, (values, _) in PLACES.items()}
    files = await _order(book, **SOLD)
    address = somewhere().as_kept()
    both = await _order(book, ships_to=address, **SOLD)
    await _complain(placed["sent"])
    expected = {view: {placed[name].id for name, (_, views) in PLACES.items() if view in views} for view in View}
    expected[View.ALL] = {order.id for order in [*placed.values(), files, both]}
    expected[View.TO_SHIP] |= {both.id}
    expected[View.NEEDS_YOU] = {placed["sent"].id}
    found = {view: [each.id for each in (await list_orders(view)).items] for view in View}
    assert {view: set(order_ids) for view, order_ids in found.items()} == expected
    assert all(order_ids == sorted(order_ids, reverse=True) for order_ids in found.values())
    counted = {View.TO_SHIP, View.UNPAID, View.NEEDS_YOU}
    assert await listing.counts() == {view: len(expected[view]) for view in counted}


async def test_a_row_says_what_the_order_is_worth_where_it_goes_and_what_is_in_it(inside: Inside) -> None:
    assert inside
    assert (await list_orders()).items == []
    order = await _order(await put_on_shelf(9), units=3, ships_to=somewhere().as_kept(), **SOLD)
    await _complain(order)
    [shown] = (await list_orders()).items
    assert (shown.units, shown.first, shown.town, shown.waits) == (3, "Kulhad cups", somewhere().town, True)
    same = ("id", "number", "amount", "email", "name", "created_at", "paid_at", "status")
    assert [getattr(shown, name) for name in same] == [getattr(order, name) for name in same]


async def test_what_is_typed_finds_the_order_by_its_shape(inside: Inside) -> None:
    cups = await put_on_shelf(99, 249_900)
    other = await _order(await put_on_shelf(9, slug="diya"), email="ravi_k@example.in", name="Ravi 100%")
    made = await checkout.create_order(BUYER, [Item(cups)])
    history = History(inside, made.order.id, cups, gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    [payment_id] = [payment["id"] for payment in inside.entities("payment")]
    await settle.settle(payment_id)
    async with database.write() as session:
        order = await session.get_one(Order, made.order.id)
        order.ships_to, order.name, order.email = somewhere().as_kept(), "Asha Rao", "asha@example.in"
    number, theirs = order.number, [order.id]
    by_number = (number, number.lower(), number.replace("-", ""), number.replace("-", " "), f"#{number}")
    by_id = (order.id, order.id.lower(), payment_id, made.razorpay_order_id)
    by_phone = ("98765 43210", "+91 98765-43210", "09876543210", "919876543210")
    by_amount = ("2499", "₹2,499.00", "2,499", "Rs. 2499.00")
    by_words = ("asha", "RAO asha", "asha@", "sha@example", " Asha  Rao ")
    for typed in (*by_number, *by_id, *by_phone, *by_amount, *by_words):
        assert await _found(typed) == theirs, typed
        assert await _found(typed, View.TO_SHIP) == theirs, typed
        assert await _found(typed, View.UNPAID) == [], typed
    for typed in ("ravi_k", "100%", "ravi_k@example.in", "RAVI"):
        assert await _found(typed) == [other.id], typed
    assert await _found(BUYER.email) == [order.id, other.id]  # whose they are, whatever address is frozen on them


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "%",
            "_",
            "/",
            "\\",
            "'",
            '"',
            "' OR 1=1 --",
            "0000-0000",
            "pay_",
            "pay_none",
            "order_x",
            "nobody@example.in",
        ),
        *("1,49,999", "9" * 80, "₹", "0", "7" * 26, "margaret", "\u0968\u096a", "a b c d e f g h i j k l m n o p"),
    ],
)
async def test_what_is_odd_finds_nothing(inside: Inside, typed: str) -> None:
    assert inside
    if not (await list_orders()).items:
        await _order(await put_on_shelf(9))
    assert await _found(typed) == []


@pytest.mark.parametrize("typed", ["nul\0", "w" * 81, "w" * 10_000, "\ud800"], ids=["nul", "long", "longer", "half"])
async def test_what_nobody_can_search_for_is_refused(inside: Inside, typed: str) -> None:
    assert inside
    with pytest.raises(InvalidInput):
        await list_orders(search=typed)


@pytest.mark.parametrize("typed", ["", "kulhad@example.in", "example"])
async def test_each_order_is_on_one_page_while_others_come(inside: Inside, typed: str) -> None:
    assert inside
    cups = await put_on_shelf(99)
    made = [(await _order(cups, email="kulhad@example.in")).id for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await list_orders(search=typed, cursor=cursor, limit=2)
        seen += [each.id for each in page.items]
        await _order(cups, email="kulhad@example.in")
        if (cursor := page.next_cursor) is None:
            break
    assert seen == sorted(made, reverse=True)


async def test_former_orders_are_those_of_the_same_buyer_and_of_the_same_address(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(99)
    first, second, third = [await _order(cups) for _ in range(3)]
    stranger = await somebody_else()
    theirs = await _order(cups, buyer_id=stranger.user_id, email="ravi@example.in")
    assert [each.id for each in await listing.former(second)] == [third.id, first.id]
    assert await listing.former(theirs) == []
    async with database.write() as session:
        moved = await session.get_one(Order, theirs.id)
        moved.email = BUYER.email
    assert [each.id for each in await listing.former(moved)] == [third.id, second.id, first.id]
