"""What waits for a person: which orders, what became of their money, and what the person decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.core import database
from checkout_app.core.money import format_amount
from checkout_app.core.pagination import Page, page_of
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order, OrderEvent
from checkout_app.payments import refunds, service
from checkout_app.payments.errors import MoneyUnplaced, NothingToDecide
from checkout_app.payments.models import Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that a person must look at, and the attempts to pay it."""

    order: Order
    payments: Sequence[Payment]


async def waiting(session: AsyncSession, *, cursor: str | None = None, limit: int = 20) -> Page[Waiting]:
    """List the orders that wait for a person, the oldest order first; the cursor is the last id of the page before."""
    query = select(Order).where(col(Order.attention).is_not(None), Order.id > (cursor or "")).order_by(col(Order.id))
    rows = (await session.exec(query.limit(limit + 1))).all()
    found = [Waiting(order, await service.payments_of(session, order.id)) for order in rows]
    return page_of(found, limit, [order.id for order in rows])


async def decide(order_id: str, words: str) -> OrderEvent:
    """Let an order wait no longer and say in its timeline why; the same words again answer the same entry.

    Raises OrderNotFound, NothingToDecide, and MoneyUnplaced while money of the order is in no place.
    """
    async with database.write() as session:
        order = next(iter(await database.lock(session, Order, [order_id])), None)
        if order is None:
            raise OrderNotFound
        if order.attention is None:
            return await _decided_before(session, order_id, words)
        for payment in await service.payments_of(session, order_id):
            await _require_a_place(session, payment)
        return await orders.end_attention(session, order, words)


async def _decided_before(session: AsyncSession, order_id: str, words: str) -> OrderEvent:
    for event in await orders.timeline(session, order_id):
        if (event.kind, event.words) == (orders.DECIDED, words):
            return event
    raise NothingToDecide


async def _require_a_place(session: AsyncSession, payment: Payment) -> None:
    """Refuse while captured money neither pays the order nor goes back."""
    if payment.status != PaymentStatus.CAPTURED or payment.purpose == Purpose.ORDER:
        return
    left = await refunds.left(session, payment)
    amount = format_amount(abs(left), payment.currency)
    if left > 0:
        raise MoneyUnplaced(f"{amount} of payment {payment.id} neither pays the order nor goes back: refund it first.")
    if left < 0:
        raise MoneyUnplaced(f"{amount} more than there is of payment {payment.id} is to go back; it will be refused.")
