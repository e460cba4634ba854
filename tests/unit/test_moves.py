"""The table of moves, on a real database: every allowed move happens, every other changes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderStatus
from tests.conftest import new_database
from tests.support.inside import BUYER, Inside, put_on_shelf, running_inside

S = OrderStatus
ALLOWED = {
    (S.CREATED, S.CONFIRMING),
    (S.CREATED, S.PAID),
    (S.CREATED, S.EXPIRED),
    (S.CREATED, S.CANCELLED),
    (S.CONFIRMING, S.CREATED),
    (S.CONFIRMING, S.PAID),
    (S.CONFIRMING, S.EXPIRED),
    (S.CONFIRMING, S.CANCELLED),
    (S.EXPIRED, S.CONFIRMING),
    (S.EXPIRED, S.PAID),
    (S.EXPIRED, S.REFUNDED),
    (S.CANCELLED, S.REFUNDED),
    (S.PAID, S.PARTIALLY_REFUNDED),
    (S.PAID, S.REFUNDED),
    (S.PARTIALLY_REFUNDED, S.PAID),
    (S.PARTIALLY_REFUNDED, S.REFUNDED),
    (S.REFUNDED, S.PAID),
    (S.REFUNDED, S.PARTIALLY_REFUNDED),
    (S.REFUNDED, S.EXPIRED),
    (S.REFUNDED, S.CANCELLED),
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def inside(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Inside]:
    async with running_inside(tmp_path, new_database(request.param, request, tmp_path)) as running:
        await running.clear()
        yield running


async def test_of_all_pairs_of_statuses_exactly_the_allowed_moves_happen(inside: Inside) -> None:
    await inside.clear()
    order_id = (await checkout.create_order(BUYER, [Item(await put_on_shelf(1))])).order.id
    moved = set()
    for source in S:
        for target in S:
            async with database.write() as session:
                [order] = await database.lock(session, Order, [order_id])
                order.status = source
                await session.flush()
                before = len(await orders.timeline(session, order_id))
                happened = await orders.move(session, order, target, "A test moves it.")
                await session.flush()
                after = len(await orders.timeline(session, order_id))
            async with database.read() as session:
                now = await session.get_one(Order, order_id)
            assert (now.status, after - before) == ((target, 1) if happened else (source, 0))
            moved |= {(source, target)} if happened else set()
    assert moved == ALLOWED


async def test_becoming_paid_is_dated_once(inside: Inside) -> None:
    await inside.clear()
    order_id = (await checkout.create_order(BUYER, [Item(await put_on_shelf(1))])).order.id
    dates = set()
    for target in (S.PAID, S.PARTIALLY_REFUNDED, S.PAID):
        async with database.write() as session:
            [order] = await database.lock(session, Order, [order_id])
            assert await orders.move(session, order, target, "A test moves it.")
            dates.add(order.paid_at)
    assert len(dates) == 1
    assert None not in dates


async def test_attention_keeps_its_first_reason_and_says_each_reason_once(inside: Inside) -> None:
    await inside.clear()
    order_id = (await checkout.create_order(BUYER, [Item(await put_on_shelf(1))])).order.id
    for words in ("One.", "Two.", "One.", "Two."):
        async with database.write() as session:
            [order] = await database.lock(session, Order, [order_id])
            await orders.raise_attention(session, order, words)
    async with database.read() as session:
        said = [event.words for event in await orders.timeline(session, order_id) if event.kind == "attention"]
        assert (said, (await session.get_one(Order, order_id)).attention) == (["One.", "Two."], "One.")


async def test_what_still_holds_after_a_decision_asks_for_a_person_again(inside: Inside) -> None:
    await inside.clear()
    order_id = (await checkout.create_order(BUYER, [Item(await put_on_shelf(1))])).order.id
    for words in ("One.", "Decided.", "One.", "One."):
        async with database.write() as session:
            [order] = await database.lock(session, Order, [order_id])
            if words == "Decided.":
                decided = await orders.end_attention(session, order, words)
                assert (decided.kind, decided.words, order.attention) == ("decided", words, None)
            else:
                await orders.raise_attention(session, order, words)
    async with database.read() as session:
        said = [event.words for event in await orders.timeline(session, order_id)][1:]
        assert (said, (await session.get_one(Order, order_id)).attention) == (["One.", "Decided.", "One."], "One.")
