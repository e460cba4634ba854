"""How an order moves and ends, and what that does to the shelf."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, update

from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Product
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order, OrderStatus
from tests.support.histories import History
from tests.support.inside import BUYER, row, rows, timeline
from tests.support.neighbours import move_in


async def _shelf() -> list[tuple[str, int | None, int]]:
    """Every product: what it is called, how many there are, how many are held."""
    return [(product.slug, product.on_hand, product.held) for product in await rows(Product)]


@pytest.fixture
async def order_id(history: History) -> str:
    """An order of three kulhads and two lamps, of five on the shelf each, next to the history's and a neighbour's."""
    await move_in(history)
    lamp, kulhad = (
        Product(
            slug=slug,
            name=slug.title(),
            category="Table",
            summary="One.",
            description="Clay.",
            image="one.svg",
            image_alt="One.",
            amount=10000,
            on_hand=5,
        )
        for slug in ("lamp", "kulhad")
    )
    async with database.write() as session:
        session.add_all([lamp, kulhad])
    made = await checkout.create_order(BUYER, [Item(kulhad.id, 3), Item(lamp.id, 2)])
    return made.order.id


NEIGHBOURS = ("cups", 2, 1)
"""One of three cups is sold and one is held, whatever happens to the order of a test."""


async def _after(order_id: str, lamps: tuple[int, int], kulhads: tuple[int, int], stock: str) -> None:
    assert await _shelf() == [NEIGHBOURS, ("lamp", *lamps), ("kulhad", *kulhads)]
    assert (await row(Order, order_id)).stock == stock


async def _change(order_id: str, **changes: object) -> None:
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == order_id).values(changes))


async def _expire(order_id: str) -> bool:
    async with database.write() as session:
        return await orders.expire(session, order_id)


async def test_an_order_whose_hold_has_lapsed_expires_to_the_instant(
    order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await row(Order, order_id)
    until = order.updated_at + timedelta(minutes=15)
    assert order.expires_at == until
    monkeypatch.setattr(clock, "now", lambda: until - timedelta(microseconds=1))
    assert not await _expire(order_id)
    await _after(order_id, (5, 2), (5, 3), "held")
    monkeypatch.setattr(clock, "now", lambda: until)
    assert await _expire(order_id)
    await _after(order_id, (5, 0), (5, 0), "released")
    assert (await row(Order, order_id)).status == "expired"
    assert not await _expire(order_id)
    told = [kind for kind, _ in await timeline(order_id)]
    assert told == ["created", "expired"]


@pytest.mark.parametrize("status", ["confirming", "paid", "cancelled"])
async def test_only_an_order_that_waits_for_its_buyer_expires_or_is_cancelled(order_id: str, status: str) -> None:
    await _change(order_id, status=status, expires_at=clock.now() - timedelta(hours=1))
    assert not await _expire(order_id)
    async with database.write() as session:
        with pytest.raises(OrderClosed):
            await orders.cancel(session, order_id, BUYER)
    await _after(order_id, (5, 2), (5, 3), "held")
    assert (await row(Order, order_id)).status == status


async def test_a_buyer_cancels_their_own_order_and_nobody_elses(order_id: str) -> None:
    for buyer, asked in ((replace(BUYER, user_id="STRANGER"), order_id), (BUYER, "UNKNOWN")):
        async with database.write() as session:
            with pytest.raises(OrderNotFound):
                await orders.cancel(session, asked, buyer)
    await _after(order_id, (5, 2), (5, 3), "held")
    async with database.write() as session:
        cancelled = await orders.cancel(session, order_id, BUYER)
    assert (cancelled.id, cancelled.status) == (order_id, "cancelled")
    await _after(order_id, (5, 0), (5, 0), "released")
    assert (await timeline(order_id))[-1] == ("cancelled", "The buyer cancelled the order.")


async def _take(order_id: str) -> None:
    async with database.write() as session:
        await orders.take(session, await session.get_one(Order, order_id))


async def _give_back(order_id: str) -> None:
    async with database.write() as session:
        await orders.give_back(session, await session.get_one(Order, order_id))


async def test_units_are_taken_for_good_once(order_id: str) -> None:
    for _ in range(2):
        await _take(order_id)
        await _after(order_id, (3, 0), (2, 0), "sold")
    await _give_back(order_id)
    await _after(order_id, (3, 0), (2, 0), "sold")


async def test_units_are_given_back_once_and_taken_again_while_there_are_any(order_id: str) -> None:
    for _ in range(2):
        await _give_back(order_id)
        await _after(order_id, (5, 0), (5, 0), "released")
    await _take(order_id)
    await _after(order_id, (3, 0), (2, 0), "sold")


async def test_units_that_were_given_back_and_sold_meanwhile_cant_be_taken(order_id: str) -> None:
    await _give_back(order_id)
    async with database.write() as session:
        await session.exec(update(Product).where(col(Product.slug) == "lamp").values(on_hand=1))
    with pytest.raises(OutOfStock, match=r"^Lamp has only 1 left\.$"):
        await _take(order_id)
    await _after(order_id, (1, 0), (5, 0), "released")


async def _move(order_id: str, to: OrderStatus, words: str = "A test moves it.") -> Order | None:
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        return order if await orders.move(session, order, to, words) else None


async def test_a_move_is_dated_told_and_compared_with_the_gateway_a_minute_later(order_id: str) -> None:
    others = [order for order in await rows(Order) if order.id != order_id]
    before = clock.now()
    moved = await _move(order_id, OrderStatus.CONFIRMING)
    order = await row(Order, order_id)
    assert moved == order
    assert before < order.updated_at < clock.now()
    assert (order.status, order.paid_at) == ("confirming", None)
    assert order.check_at == order.updated_at + timedelta(minutes=1)
    assert (await timeline(order_id))[-1] == ("confirming", "A test moves it.")
    paid = await _move(order_id, OrderStatus.PAID)
    assert paid
    assert paid.paid_at == paid.updated_at
    assert [order for order in await rows(Order) if order.id != order_id] == others


async def test_a_move_that_loses_a_race_changes_nothing_not_even_the_order_in_hand(order_id: str) -> None:
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        elsewhere: Mapping[str, object] = {"status": "cancelled"}
        unseen = update(Order).values(elsewhere).execution_options(synchronize_session=False)
        await session.exec(unseen)
        before = order.model_dump()
        assert await orders.move(session, order, OrderStatus.PAID, "Too late.") is False
        assert order.model_dump() == before
    assert (await row(Order, order_id)).status == "cancelled"
    assert [kind for kind, _ in await timeline(order_id)] == ["created"]


async def test_attention_is_raised_for_one_order_and_cut_to_what_the_column_holds(order_id: str) -> None:
    [other] = [order for order in await rows(Order) if order.status == "created" and order.id != order_id]
    for asked in (other.id, order_id):
        async with database.write() as session:
            await orders.raise_attention(session, await session.get_one(Order, asked), "w" * 301)
    for asked in (other.id, order_id):
        assert (await row(Order, asked)).attention == "w" * 300
        assert (await timeline(asked))[-1] == ("attention", "w" * 300)


async def test_the_same_words_for_one_order_are_told_once(order_id: str, caplog: pytest.LogCaptureFixture) -> None:
    for words in ("One.", "Two.", "One."):
        async with database.write() as session:
            await orders.raise_attention(session, await session.get_one(Order, order_id), words)
    assert (await row(Order, order_id)).attention == "One."
    assert [words for kind, words in await timeline(order_id) if kind == "attention"] == ["One.", "Two."]
    assert len([record for record in caplog.records if order_id in record.message]) == 2
