"""The record of what was ordered: made once, moved only along allowed ways, never without a line in the timeline."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.auth.tokens import Identity
from checkout_app.catalog import service as catalog
from checkout_app.core import clock, database
from checkout_app.core.pagination import Page, page_of
from checkout_app.orders import links
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order, OrderEvent, OrderLine, OrderStatus, Stock

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=15)
"""How long units are kept for an order that is not paid yet."""

MOVES: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.CREATED: frozenset(
        {OrderStatus.CONFIRMING, OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED}
    ),
    # Back to created when the payment we waited for failed after all: the buyer may try again.
    OrderStatus.CONFIRMING: frozenset(
        {OrderStatus.CREATED, OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED}
    ),
    # Money may come after the hold lapsed. It is honoured while the shelf allows, or goes back.
    OrderStatus.EXPIRED: frozenset({OrderStatus.CONFIRMING, OrderStatus.PAID, OrderStatus.REFUNDED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.PAID: frozenset({OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}),
    # Back when the bank returns a refund: the balance is the shop's again until the refund is repeated.
    OrderStatus.PARTIALLY_REFUNDED: frozenset({OrderStatus.PAID, OrderStatus.REFUNDED}),
    OrderStatus.REFUNDED: frozenset(
        {OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED, OrderStatus.EXPIRED, OrderStatus.CANCELLED}
    ),
}
"""From each status, where an order may go. Nothing else ever happens to one."""

DECIDED = "decided"
"""The kind of a timeline's entry by a person."""

UNPAID = frozenset({OrderStatus.CREATED, OrderStatus.CONFIRMING})

CHECKS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 720, 1440, 2880, 4320, 7260, 10080))
"""After its last change an order is compared with the gateway at these ages, since news can get lost.

A bank may agree to a payment five days late (7200 minutes); the last two ages see that.
"""


async def place(session: AsyncSession, order: Order, lines: Sequence[OrderLine]) -> tuple[Order, bool]:
    """Keep a new order and hold its stock; returns it and True, or the order already made under its key and False.

    Raises OutOfStock, and then nothing is kept.
    """
    if not await database.insert_new(session, order):
        query = select(Order).where(Order.buyer_id == order.buyer_id, Order.idempotency_key == order.idempotency_key)
        return (await session.exec(query)).one(), False
    await catalog.hold(session, {line.product_id: line.quantity for line in lines})
    session.add_all(lines)
    await note(session, order.id, "created", "The order was made and its items are kept for the buyer.")
    return await session.get_one(Order, order.id), True


async def move(session: AsyncSession, order: Order, to: OrderStatus, words: str) -> bool:
    """Move an order if its present status allows it; returns whether it moved.

    An update that loses a race changes nothing. `words` is the timeline's sentence for it.
    """
    now = clock.now()
    sources = [source for source, targets in MOVES.items() if to in targets]
    changes: dict[str, object] = {"status": to, "updated_at": now}
    if to is OrderStatus.PAID and order.paid_at is None:
        changes["paid_at"] = now
    statement = update(Order).where(col(Order.id) == order.id, col(Order.status).in_(sources)).values(**changes)
    result = await session.exec(statement.execution_options(synchronize_session=False))
    if result.rowcount != 1:
        return False
    await session.refresh(order)
    schedule_check(order, now)
    await note(session, order.id, to, words)
    return True


async def note(session: AsyncSession, order_id: str, kind: str, words: str) -> OrderEvent:
    """Append a sentence to an order's timeline."""
    event = OrderEvent(order_id=order_id, kind=kind, words=words)
    session.add(event)
    return event


async def raise_attention(session: AsyncSession, order: Order, words: str) -> None:
    """Ask for a person: the first reason stays on the order, every new one goes into its timeline.

    Each reason is said once, and again when it still holds after a person has decided.
    """
    words = words[:300]
    order.attention = order.attention or words
    said: set[str] = set()
    for event in await timeline(session, order.id):
        said = set() if event.kind == DECIDED else said | {event.words}
    if words not in said:
        await note(session, order.id, "attention", words)
        log.warning("Order %s needs attention: %s", order.id, words)


async def end_attention(session: AsyncSession, order: Order, words: str) -> OrderEvent:
    """Write down what a person decided; the order does not wait for one any more."""
    order.attention = None
    return await note(session, order.id, DECIDED, words)


def schedule_check(order: Order, changed_at: datetime) -> None:
    """Start an order's series of comparisons with the gateway anew: it changed."""
    order.updated_at = changed_at
    order.check_at = changed_at + CHECKS[0]


async def held_units(session: AsyncSession, order_id: str) -> dict[str, int]:
    """Return how many units of which product an order is about."""
    return {line.product_id: line.quantity for line in await lines(session, order_id)}


async def give_back(session: AsyncSession, order: Order) -> None:
    """Put the units an unpaid order holds back on the shelf."""
    if order.stock == Stock.HELD:
        await catalog.release(session, await held_units(session, order.id))
        order.stock = Stock.RELEASED


async def take(session: AsyncSession, order: Order) -> None:
    """Take an order's units off the shelf for good, holding them again first if the hold lapsed; raises OutOfStock."""
    units = await held_units(session, order.id)
    if order.stock == Stock.RELEASED:
        await catalog.hold(session, units)
        order.stock = Stock.HELD
    if order.stock == Stock.HELD:
        await catalog.sell(session, units)
        order.stock = Stock.SOLD


async def expire(session: AsyncSession, order_id: str) -> bool:
    """End an unpaid order whose hold has lapsed; returns whether it did."""
    [order] = await database.lock(session, Order, [order_id])
    if order.status != OrderStatus.CREATED or order.expires_at > clock.now():
        return False
    await give_back(session, order)
    return await move(
        session, order, OrderStatus.EXPIRED, "It was not paid in time, so its items went back on the shelf."
    )


async def cancel(session: AsyncSession, order_id: str, buyer: Identity) -> Order:
    """Give an unpaid order up for its buyer; raises OrderNotFound, or OrderClosed once money may be on its way."""
    await get_order(session, order_id, buyer)
    [order] = await database.lock(session, Order, [order_id])
    if order.status != OrderStatus.CREATED:
        raise OrderClosed
    await give_back(session, order)
    await move(session, order, OrderStatus.CANCELLED, "The buyer cancelled the order.")
    return order


async def was_cancelled(session: AsyncSession, order_id: str) -> bool:
    """Tell whether the buyer ever cancelled an order."""
    query = select(OrderEvent.id).where(OrderEvent.order_id == order_id, OrderEvent.kind == OrderStatus.CANCELLED)
    return (await session.exec(query)).first() is not None


async def order_under_key(session: AsyncSession, buyer: Identity, key: str) -> Order | None:
    """Find the order a buyer already made under an idempotency key."""
    query = select(Order).where(Order.buyer_id == buyer.user_id, Order.idempotency_key == key)
    return (await session.exec(query)).one_or_none()


async def get_order(session: AsyncSession, order_id: str, buyer: Identity) -> Order:
    """Find one of the buyer's own orders; somebody else's raises OrderNotFound just as an unknown one does."""
    order = await session.get(Order, order_id)
    if order is None or order.buyer_id != buyer.user_id:
        raise OrderNotFound
    return order


async def get_order_by_link(session: AsyncSession, order_id: str, key: str) -> Order:
    """Find the order that a signed link opens; raises OrderNotFound."""
    order = await session.get(Order, order_id) if links.opens(order_id, key) else None
    if order is None:
        raise OrderNotFound
    return order


async def list_orders(
    session: AsyncSession, buyer: Identity, *, cursor: str | None = None, limit: int = 20
) -> Page[Order]:
    """List the buyer's own orders, newest first; the cursor is the last id of the page before."""
    statement = select(Order).where(Order.buyer_id == buyer.user_id).order_by(col(Order.id).desc())
    if cursor:
        statement = statement.where(Order.id < cursor)
    rows = (await session.exec(statement.limit(limit + 1))).all()
    return page_of(rows, limit, [row.id for row in rows])


async def lines(session: AsyncSession, order_id: str) -> Sequence[OrderLine]:
    """Return an order's lines in their order."""
    query = select(OrderLine).where(OrderLine.order_id == order_id).order_by(col(OrderLine.position))
    return (await session.exec(query)).all()


async def timeline(session: AsyncSession, order_id: str) -> Sequence[OrderEvent]:
    """Return what happened to an order, oldest first."""
    in_time = (col(OrderEvent.created_at), col(OrderEvent.id))
    query = select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(*in_time)
    return (await session.exec(query)).all()
