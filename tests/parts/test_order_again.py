"""An order goes into its buyer's cart once more: as much as can be had, and what can't is told."""

import pytest
from sqlmodel import col, update

from checkout_app.auth.tokens import Identity
from checkout_app.cart import service as cart
from checkout_app.cart.contents import Contents
from checkout_app.cart.models import MAX_LINES, Cart
from checkout_app.cart.owner import Owner
from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.shopfront.cart import again
from tests.support.inside import BUYER, Inside, put_on_shelf, rows, somebody_else

THEIRS = Owner(BUYER.user_id)


async def _ordered(*items: Item) -> str:
    """Make an order that is at an end and holds nothing any more."""
    made = await checkout.create_order(BUYER, items)
    async with database.write() as session:
        await orders.cancel(session, made.order.id, BUYER)
    return made.order.id


def _units(contents: Contents) -> dict[str, int]:
    return {line.slug: line.quantity for line in contents.lines}


async def _now(product_id: str, **values: object) -> None:
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.product_id) == product_id).values(**values))


async def test_an_order_is_in_the_cart_again_and_no_more_of_it_however_often_it_is_asked_for(inside: Inside) -> None:
    assert inside
    cups, diya = await put_on_shelf(9), await put_on_shelf(9, 22000, slug="diya")
    order_id = await _ordered(Item(cups, 2), Item(diya))
    await cart.add(THEIRS, diya, 3)
    for _ in range(2):
        contents, wanted = await again.order_again(THEIRS, BUYER, order_id)
        assert _units(contents) == {"diya": 3, "cups": 2}
        assert [(line.ordered, line.in_cart) for line in wanted.lines] == [(2, 2), (1, 3)]
    assert await again.wanted(contents, BUYER, order_id) == wanted


async def test_what_there_is_of_it_goes_in_and_the_rest_is_told_with_what_costs_something_else(inside: Inside) -> None:
    assert inside
    few, gone, out, dearer = [await put_on_shelf(9, slug=slug) for slug in ("few", "gone", "out", "dearer")]
    order_id = await _ordered(*(Item(product, 3) for product in (few, gone, out, dearer)))
    await _now(few, on_hand=2)
    await _now(out, on_hand=0)
    await _now(dearer, amount=50000)
    async with database.write() as session:
        (await session.get_one(Product, gone)).on_sale = False
    contents, wanted = await again.order_again(THEIRS, BUYER, order_id)
    assert _units(contents) == {"few": 2, "dearer": 3}
    assert [line.was for line in contents.lines] == [None, None]
    told = {line.product_id: (line.in_cart, line.left, line.for_sale, line.unit_amount) for line in wanted.lines}
    assert told == {
        few: (2, 2, True, 48000),
        gone: (0, 0, False, None),
        out: (0, 0, True, 48000),
        dearer: (3, 9, True, 50000),
    }
    assert {line.was for line in wanted.lines} == {48000}


async def test_what_finds_no_room_stays_out_and_the_rest_does_not(inside: Inside) -> None:
    assert inside
    cups, diya, abroad = [await put_on_shelf(99, slug=slug) for slug in ("cups", "diya", "abroad")]
    order_id = await _ordered(Item(abroad), Item(cups, 5), Item(diya))
    for n in range(MAX_LINES - 1):
        await cart.add(THEIRS, await put_on_shelf(9, slug=f"other-{n}"))
    await _now(abroad, currency="USD")
    contents, wanted = await again.order_again(THEIRS, BUYER, order_id)
    assert [(line.ordered, line.in_cart) for line in wanted.lines] == [(1, 0), (5, 5), (1, 0)]
    assert (len(contents.lines), wanted.lines[0].unit_amount) == (MAX_LINES, None)


async def test_a_cart_that_gets_nothing_of_it_is_not_even_made(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(1)
    order_id = await _ordered(Item(cups))
    async with database.write() as session:
        (await session.get_one(Product, cups)).on_sale = False
    contents, _ = await again.order_again(THEIRS, BUYER, order_id)
    assert (contents, await rows(Cart)) == (Contents(), [])


async def test_nobody_gets_anything_of_an_order_of_somebody_else(inside: Inside) -> None:
    assert inside
    order_id = await _ordered(Item(await put_on_shelf(9)))
    claims = await somebody_else()
    other = Identity(claims.user_id, claims.session_id, "ravi@example.in", "", BUYER.role)
    for nobodys in (order_id, "01ARZ3NDEKTSV4RRFFQ69G5FAV", ""):
        with pytest.raises(OrderNotFound):
            await again.order_again(Owner(other.user_id), other, nobodys)
        with pytest.raises(OrderNotFound):
            await again.wanted(Contents(), other, nobodys)
    assert await rows(Cart) == []
