"""Which holds have lapsed: those of orders that wait for their buyer, the longest lapsed first. On both databases."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, update

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.orders import unpaid
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment, OrderState
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture
async def order_ids(inside: Inside) -> list[str]:
    """Three orders that wait for their buyer, the oldest first."""
    assert inside
    cups = await put_on_shelf(3)
    return [(await checkout.create_order(BUYER, [Item(cups)])).order.id for _ in range(3)]


async def _change(order_id: str, **changes: object) -> None:
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == order_id).values(changes))


async def _let_them_lapse(order_ids: list[str]) -> list[str]:
    """Let the holds have ended one, three and two seconds ago."""
    for order_id, ago in zip(order_ids, (1, 3, 2), strict=True):
        await _change(order_id, expires_at=NOW - timedelta(seconds=ago))
    return order_ids


async def _lapsed(before: datetime = NOW, limit: int = 10) -> list[str]:
    async with database.read() as session:
        return list(await unpaid.lapsed(session, before, limit=limit))


async def _first_to_lapse() -> datetime | None:
    async with database.read() as session:
        return await unpaid.first_to_lapse(session)


async def test_the_longest_lapsed_are_named_first_and_one_that_ends_at_that_very_moment_is_not(
    order_ids: list[str],
) -> None:
    first, second, third = await _let_them_lapse(order_ids)
    assert await _lapsed() == [second, third, first]
    assert await _lapsed(limit=2) == [second, third]
    assert await _lapsed(NOW - timedelta(seconds=2)) == [second]
    assert await _first_to_lapse() == NOW - timedelta(seconds=3)


@ON_BOTH
async def test_the_longest_lapsed_are_named_first_whatever_the_database_goes_by(order_ids: list[str]) -> None:
    first, second, third = await _let_them_lapse(order_ids)
    with suppress(ZeroDivisionError):
        async with database.write() as session:
            await session.exec(text("DROP INDEX ix_orders_expires_at_unpaid"))
            assert list(await unpaid.lapsed(session, NOW, limit=10)) == [second, third, first]
            raise ZeroDivisionError  # and the index is there again


async def test_only_an_order_that_waits_for_its_buyer_lapses(order_ids: list[str]) -> None:
    order_id, *others = order_ids
    for other in others:
        await _change(other, expires_at=NOW)
    for state in OrderState:
        for payment in OrderPayment:
            await _change(order_id, state=state, payment_status=payment, expires_at=LONG_AGO)
            waits = (state, payment) == (OrderState.OPEN, OrderPayment.UNPAID)
            assert await _lapsed() == ([order_id] if waits else []), f"{state} and {payment}"
            assert await _first_to_lapse() == (LONG_AGO if waits else NOW), f"{state} and {payment}"


async def test_where_no_order_waits_for_its_buyer_none_lapses(order_ids: list[str]) -> None:
    for order_id in order_ids:
        await _change(order_id, state=OrderState.CANCELLED)
    assert (await _lapsed(NOW + timedelta(days=365)), await _first_to_lapse()) == ([], None)
