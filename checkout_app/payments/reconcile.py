"""The reconciler: finishes what nobody told us about, by asking the gateway about orders that may still change.

Any number of workers may run it. An order that is due is claimed for a minute and its next check is planned only after
this one succeeded, so a worker that dies, or a gateway that does not answer, costs a minute and skips nothing. When the
gateway does not answer, the round ends and the claimed orders come again spread out: an outage is not followed by a
storm.
"""

import asyncio
import logging
import secrets
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.core import clock, database
from checkout_app.core.concurrency import few_at_a_time
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderStatus
from checkout_app.payments import settle
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import OrderEntity
from checkout_app.payments.gateway.errors import Garbled, Refused, Unavailable
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus

log = logging.getLogger(__name__)

ROUND = 50
"""Orders a worker looks at in one round."""
LEASE = timedelta(minutes=1)
"""How long one worker keeps an order to itself while it asks the gateway."""
_SOONEST = timedelta(seconds=30)
PACE = timedelta(seconds=100)
"""How often an order is looked at while its units are held, so that a payment nobody told of settles in two minutes."""
UNCAPTURED_TOO_LONG = timedelta(hours=1)


async def check_due() -> int:
    """Compare the orders that are due with the gateway, a few at a time; returns how many were."""
    outage = asyncio.Event()
    return sum(await few_at_a_time(lambda order_id: _check(order_id, outage), await _claim_due()))


async def _check(order_id: str, outage: asyncio.Event) -> bool:
    """Compare one order with the gateway, unless the round has met an outage; returns whether the gateway answered."""
    if outage.is_set():
        return False
    try:
        await check_order(order_id)
    except (Refused, Garbled) as refusal:
        async with database.write() as session:
            [order] = await database.lock(session, Order, [order_id])
            await orders.raise_attention(session, order, f"Razorpay does not tell about this order: {refusal}")
    except Unavailable as failure:
        log.warning("The gateway does not answer (%s); %s and the others are checked later.", failure, order_id)
        outage.set()
        return False
    await _plan_next(order_id)
    return True


async def _claim_due() -> list[str]:
    """Take the orders that are due for this worker, so that no other asks about them now."""
    now = clock.now()
    query = select(Order).where(col(Order.check_at) <= now).order_by(col(Order.check_at)).limit(ROUND)
    async with database.write() as session:
        due = (await session.exec(query.with_for_update(skip_locked=True))).all()
        for order in due:
            order.check_at = now + LEASE + _spread()
        return [order.id for order in due]


async def _plan_next(order_id: str) -> None:
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        order.check_at = next_check(order, clock.now())


def next_check(order: Order, now: datetime) -> datetime | None:
    """Return when an order is looked at again: ever later after its last change, and never in step with the others.

    While a buyer may be paying, that is every other minute.
    """
    moments = [order.updated_at + age for age in orders.CHECKS]
    if order.status in orders.UNPAID:
        moments += [order.expires_at, min(now + PACE, order.expires_at)]
    later = min((moment for moment in moments if moment > now), default=None)
    if later is None and order.status in orders.UNPAID:
        later = now + orders.CHECKS[-1]
    return later and max(later, now + _SOONEST) + _spread()


def _spread() -> timedelta:
    return timedelta(milliseconds=secrets.randbelow(5000))


async def check_order(order_id: str) -> None:
    """Ask the gateway everything about one order and do what its answers call for; raises RazorpayError."""
    async with database.read() as session:
        known = (await session.exec(select(GatewayOrder.id).where(GatewayOrder.order_id == order_id))).first()
    if known is None:
        await _adopt_gateway_orders(order_id)
    await settle.refresh(order_id)
    await _look_up_unlisted(order_id)
    async with database.write() as session:
        await orders.expire(session, order_id)
        await _ask_for_a_person(session, order_id)


async def _adopt_gateway_orders(order_id: str) -> None:
    """Take over gateway orders whose creation was never heard back from: they carry our id as their receipt."""
    answer = await gateway().order.all({"receipt": order_id, "count": 100})
    rows = [
        GatewayOrder(
            id=theirs.id,
            order_id=order_id,
            amount=theirs.amount,
            currency=theirs.currency,
            key_id=gateway().key_id,
        )
        for theirs in OrderEntity.read_all(answer)
        if theirs.receipt == order_id
    ]
    async with database.write() as session:
        for row in rows:
            await database.insert_new(session, row)


async def _look_up_unlisted(order_id: str) -> None:
    """Read the payments we wait for one by one, should the list lag behind."""
    waiting = (PaymentStatus.CREATED, PaymentStatus.AUTHORIZED)
    query = select(Payment.id).where(Payment.order_id == order_id, col(Payment.status).in_(waiting))
    async with database.read() as session:
        payment_ids = (await session.exec(query)).all()
    for payment_id in payment_ids:
        await settle.settle(payment_id)


async def _ask_for_a_person(session: AsyncSession, order_id: str) -> None:
    """Raise what waiting does not solve."""
    [order] = await database.lock(session, Order, [order_id])
    if order.status == OrderStatus.CONFIRMING and clock.now() - order.updated_at > UNCAPTURED_TOO_LONG:
        await orders.raise_attention(session, order, "A payment has been unconfirmed for more than an hour.")
