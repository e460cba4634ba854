"""What an order is from its first moment on: its number, its units, its frozen amounts and tax, the key it was made by.

On both databases.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.checkout.quote import Item, quote_for
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database, ids
from checkout_app.core.session import Session
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderEvent
from checkout_app.payments import settle
from checkout_app.payments.checks.rules import check_rules
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from razorpay_sandbox.payments import attempts
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, timeline, written
from tests.support.shops import KEY_ID


@pytest.fixture
async def cups(inside: Inside) -> str:
    """The only thing on the shelf, three of them."""
    assert inside
    return await put_on_shelf(3)


async def _place(variant_id: str, *quantities: int, number: str = "", key: str = "key") -> tuple[Order, bool]:
    """Place an order of one variant with a line for each quantity, and a number that was drawn for it."""
    price, now = 48000, clock.now()
    order = Order(
        number=number or ids.new_number(),
        buyer_id=BUYER.user_id,
        email=BUYER.email,
        name=BUYER.name,
        subtotal=price * sum(quantities),
        amount=price * sum(quantities),
        currency="INR",
        tax_scheme=TaxScheme.REGULAR,
        idempotency_key=key,
        request_digest="digest",
        expires_at=now + orders.HOLD,
        updated_at=now,
    )
    lines = [
        OrderLine(
            order_id=order.id,
            position=position,
            product_id=variant_id,
            variant_id=variant_id,
            sku="cups",
            slug="cups",
            name="Kulhad cups",
            image="cups.svg",
            quantity=quantity,
            unit_amount=price,
            amount=price * quantity,
            taxable=price * quantity,
            tax_rate=0,
        )
        for position, quantity in enumerate(quantities, start=1)
    ]
    return await orders.place(order, lines, BUYER)


async def _shelf(variant_id: str) -> tuple[int | None, int]:
    """How many there are, and how many are held."""
    variant = await row(Variant, variant_id)
    return variant.on_hand, variant.held


async def _commit_stock(session: Session, order: Order) -> None:
    await orders.commit_stock(session, order, await orders.lines(session, order.id))


async def _no_rule_is_broken() -> bool:
    return await check_rules() == []


async def test_the_first_event_of_an_order_names_its_buyer(cups: str) -> None:
    placed, _ = await _place(cups, 1)
    assert await written(placed.id) == [("created", "buyer", {})]


async def test_two_lines_of_one_variant_are_held_given_back_taken_and_put_back_by_their_sum(cups: str) -> None:
    placed, _ = await _place(cups, 2, 1)
    assert (await _shelf(cups), await _no_rule_is_broken()) == ((3, 3), True)
    for act, shelf in (
        (orders.release_stock, (3, 0)),
        (_commit_stock, (0, 0)),
        (orders.restock, (3, 0)),
    ):
        async with database.write() as session:
            order = await session.get_one(Order, placed.id)
            assert await orders.units_of(session, order.id) == {cups: 3}
            await act(session, order)
        assert await _shelf(cups) == shelf
    other, _ = await _place(cups, 1, 2, key="another")
    async with database.write() as session:
        await _commit_stock(session, await session.get_one(Order, other.id))
    assert await _shelf(cups) == (0, 0)


async def test_two_lines_that_are_more_than_there_is_together_are_not_held(cups: str) -> None:
    with pytest.raises(OutOfStock, match=r"^Kulhad cups has only 3 left\.$"):
        await _place(cups, 2, 2)
    assert (await rows(Order), await rows(OrderLine), await _shelf(cups)) == ([], [], (3, 0))


async def test_the_same_product_named_twice_is_one_line_of_the_sum(cups: str) -> None:
    await checkout.create_order(BUYER, [Item(cups, 1), Item("cups", 2)])
    [line] = await rows(OrderLine)
    assert ((line.quantity, line.amount), await _shelf(cups)) == ((3, 144000), (3, 3))


@ON_BOTH
async def test_the_database_keeps_no_two_orders_of_one_number(cups: str) -> None:
    first, second = [(await _place(cups, 1, key=key))[0] for key in ("one", "two")]
    assert first.number != second.number
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.exec(update(Order).where(col(Order.id) == second.id).values(number=first.number))
    assert (await row(Order, second.id)).number == second.number


async def test_an_order_whose_number_is_taken_gets_another(cups: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = await _place(cups, 1, number="TAKE-N000", key="one")
    drawn = iter(["TAKE-N000", "FREE-0000"])
    monkeypatch.setattr(ids, "new_number", lambda: next(drawn))
    placed, is_new = await _place(cups, 2, number="TAKE-N000", key="two")
    assert (is_new, placed.number, list(drawn)) == (True, "FREE-0000", [])
    assert placed == await row(Order, placed.id)
    assert (await row(Order, first.id)).number == "TAKE-N000"
    assert [(line.order_id, line.quantity) for line in await rows(OrderLine)] == [(first.id, 1), (placed.id, 2)]
    assert ([kind for kind, _ in await timeline(placed.id)], await _shelf(cups)) == (["created"], (3, 3))


@ON_BOTH
@pytest.mark.parametrize("number", ["TAKE-N000", "FREE-0000"])
async def test_the_same_key_is_the_same_order_whatever_number_was_drawn(cups: str, number: str) -> None:
    await _place(cups, 1, number="TAKE-N000", key="another")
    first, _ = await _place(cups, 1, key="key")
    again, is_new = await _place(cups, 1, number=number, key="key")
    assert (again, is_new) == (first, False)
    assert (len(await rows(Order)), len(await rows(OrderLine)), await _shelf(cups)) == (2, 2, (3, 2))


async def test_a_key_answers_the_order_whose_number_was_another_at_first(
    cups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _place(cups, 1, number="TAKE-N000", key="one")
    place, taken = orders.place, ["TAKE-N000"]

    async def draw_badly(order: Order, *others: Any) -> tuple[Order, bool]:
        order.number = taken.pop() if taken else order.number  # what was drawn when the row was made
        return await place(order, *others)

    monkeypatch.setattr(orders, "place", draw_badly)
    made, again = [await checkout.create_order(BUYER, [Item(cups)], key="two") for _ in range(2)]
    assert (made.order.number == "TAKE-N000", taken) == (False, [])
    assert (again.order, again.razorpay_order_id, again.replayed) == (
        await row(Order, made.order.id),
        made.razorpay_order_id,
        True,
    )
    assert (len(await rows(Order)), await _shelf(cups)) == (2, (3, 2))


async def _frozen(order_id: str) -> list[dict[str, Any]]:
    """Everything that an order and its lines say of what was bought."""
    order = (await row(Order, order_id)).model_dump(
        include={"number", "subtotal", "discount", "delivery", "tax", "amount", "currency", "tax_scheme"}
    )
    async with database.read() as session:
        lines = [line.model_dump() for line in await orders.lines(session, order_id)]
    return [order, *lines]


async def _change_everything() -> None:
    """Let everything on the shelf be another thing at another price, taxed otherwise."""
    async with database.write() as session:
        for variant in (await session.exec(select(Variant))).all():
            variant.amount, variant.tax_rate, variant.hsn, variant.sku = 9900, 2800, "9999", f"new-{variant.sku}"
        for product in (await session.exec(select(Product))).all():
            product.name, product.slug, product.image = "New", f"new-{product.slug}", "new.svg"
    await seller.choose_tax_scheme(TaxScheme.COMPOSITION)


async def _sums(order_id: str) -> Sequence[OrderLine]:
    """Return an order's lines; fails unless tax and value add up to the amounts, by line and in all."""
    order = await row(Order, order_id)
    async with database.read() as session:
        lines = await orders.lines(session, order_id)
    for line in lines:
        assert line.amount == line.unit_amount * line.quantity
        assert line.taxable + line.cgst + line.sgst + line.igst == line.amount
    assert order.amount == order.subtotal == sum(line.amount for line in lines)
    assert order.tax == sum(line.tax for line in lines)
    return lines


async def test_an_order_stays_what_it_was_when_what_it_was_made_of_changes(inside: Inside) -> None:
    cups = await put_on_shelf(9, 48000, tax_rate=1200)
    tea = await put_on_shelf(9, 9999, slug="tea", name="Tea", tax_rate=500)
    made = await checkout.create_order(BUYER, [Item(cups), Item(tea, 3)], key="key")
    before = await _frozen(made.order.id)
    lines = await _sums(made.order.id)
    assert [(line.name, line.hsn, line.tax_rate, line.amount) for line in lines] == [
        ("Kulhad cups", "6912", 1200, 48000),
        ("Tea", "6912", 500, 29997),
    ]
    assert [(line.taxable, line.cgst, line.sgst, line.igst) for line in lines] == [
        (42857, 2571, 2572, 0),
        (28569, 714, 714, 0),
    ]
    await _change_everything()
    assert await _frozen(made.order.id) == before
    again = await checkout.create_order(BUYER, [Item(cups), Item(tea, 3)], key="key")
    paid = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=again.razorpay_order_id))
    attempts.conclude(inside.gateway, paid["id"], "success")
    settled = await settle.settle(paid["id"])
    assert (settled.order.id, settled.order.status, settled.payment.amount) == (made.order.id, "paid", 77997)
    assert await _frozen(made.order.id) == before


async def test_control_an_order_made_after_the_change_is_made_of_what_is_there_now(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9, 48000, tax_rate=1200)
    await _change_everything()
    made = await checkout.create_order(BUYER, [Item(cups)])
    [line] = await _sums(made.order.id)
    assert (line.name, line.slug, line.image, line.sku) == ("New", "new-cups", "new.svg", "new-cups")
    assert (line.hsn, line.unit_amount, made.order.tax_scheme) == ("9999", 9900, "composition")


@pytest.mark.parametrize("scheme", [TaxScheme.COMPOSITION, TaxScheme.UNREGISTERED])
async def test_a_seller_who_may_not_collect_tax_sells_without_it(inside: Inside, scheme: TaxScheme) -> None:
    assert inside
    cups = await put_on_shelf(9, 48000, tax_rate=1200)
    await seller.choose_tax_scheme(scheme)
    _, priced = await quote_for(BUYER, [Item(cups, 2)])
    made = await checkout.create_order(BUYER, [Item(cups, 2)])
    assert (priced.amount, priced.tax, priced.basis.supply.scheme) == (96000, 0, scheme)
    assert (made.order.amount, made.order.tax, made.order.tax_scheme) == (96000, 0, scheme)
    [line] = await _sums(made.order.id)
    assert (line.tax_rate, line.taxable, line.tax, line.hsn) == (0, 96000, 0, "6912")
    await seller.choose_tax_scheme(TaxScheme.REGULAR)
    taxed = await checkout.create_order(BUYER, [Item(cups, 2)])
    assert ((await row(Order, made.order.id)).tax, taxed.order.tax) == (0, 10286)


async def _let_it_lapse(order_id: str) -> None:
    async with database.write() as session:
        (await session.get_one(Order, order_id)).expires_at = clock.now() - timedelta(seconds=1)


async def _close(order_id: str, how: str) -> None:
    """Let an order end in a way, or only its hold."""
    if how == "cancelled":
        async with database.write() as session:
            await orders.cancel(session, order_id, BUYER)
        return
    await _let_it_lapse(order_id)
    if how == "expired":
        async with database.write() as session:
            assert await orders.expire(session, order_id)


async def _order_again(cups: str) -> PaymentOrder:
    return await checkout.create_order(BUYER, [Item(cups, 2)], key="key")


@pytest.mark.parametrize(("how", "status"), [("expired", "expired"), ("cancelled", "cancelled"), ("lapsed", "created")])
async def test_a_key_whose_order_is_closed_says_so_and_names_the_order(cups: str, how: str, status: str) -> None:
    made = await _order_again(cups)
    await _close(made.order.id, how)
    shelf = await _shelf(cups)
    for _ in range(2):
        with pytest.raises(OrderClosed) as closed:
            await _order_again(cups)
        assert closed.value.order_id == made.order.id
    with pytest.raises(IdempotencyConflict):
        await checkout.create_order(BUYER, [Item(cups, 1)], key="key")
    [order] = await rows(Order)
    assert (order.status, await _shelf(cups)) == (status, shelf)


@pytest.mark.parametrize("status", ["confirming", "paid", "partially_refunded", "refunded"])
async def test_a_key_whose_order_has_its_money_answers_the_order_also_when_its_hold_is_over(
    cups: str, status: str
) -> None:
    made = await _order_again(cups)
    await _let_it_lapse(made.order.id)
    async with database.write() as session:
        order = await session.get_one(Order, made.order.id)
        for event in (OrderEvent.CONFIRMING, OrderEvent.PAID, OrderEvent.PARTIALLY_REFUNDED, OrderEvent.REFUNDED):
            assert await orders.move(session, order, event)
            if order.status == status:
                break
    async with database.write() as session:
        (await session.get_one(Variant, cups)).amount = 1
    again = await _order_again(cups)
    assert (again.order.id, again.order.status, again.order.amount) == (made.order.id, status, 96000)
    assert (again.razorpay_order_id, again.replayed) == (made.razorpay_order_id, True)
    assert len(await rows(Order)) == 1
