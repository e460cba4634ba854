"""Open an order for payment: create its counterpart at Razorpay, once, whatever happens on the way.

Razorpay has no idempotency key for orders. Ours is the receipt: before creating again after a lost reply, the receipt
is looked up. A short lease on the order keeps copies of one request, arriving together, from creating one each.
"""

import asyncio
from datetime import timedelta

from sqlmodel import col, or_, update

from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.payments import service as payments
from checkout_app.payments.errors import GatewayUnavailable
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import OrderEntity
from checkout_app.payments.gateway.errors import RazorpayError, Refused
from checkout_app.payments.models import GatewayOrder

OPENING_LEASE = timedelta(seconds=15)
"""How long one copy of a request has the opening to itself; another takes over when that one died."""
_WORK_SECONDS = 12.0
"""How long the holder of the lease may talk to the gateway: it gives up before another takes over."""
_CAPTURE = {"automatic_expiry_period": 7200, "refund_speed": "normal"}  # minutes: five days, the longest there is
_LOOK_AGAIN_SECONDS = 0.05
_LOOKS = 200


async def open_for_payment(order: Order, *, fresh: bool) -> GatewayOrder:
    """Return the gateway order to pay `order` with, creating it if there is none.

    `fresh` says that this call made the order a moment ago, lease included, so nobody can have asked before.
    Raises GatewayUnavailable when the gateway does not answer; calling again is safe.
    """
    if fresh:
        return await _create_leased(order, fresh=True)
    for _ in range(_LOOKS):
        async with database.read() as session:
            known = await payments.newest_gateway_order(session, order.id)
        if known is not None:
            return known
        if await _take_lease(order.id):
            return await _create_leased(order, fresh=False)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    raise GatewayUnavailable


async def _take_lease(order_id: str) -> bool:
    now = clock.now()
    free = or_(col(Order.opening_until).is_(None), col(Order.opening_until) < now)
    statement = update(Order).where(col(Order.id) == order_id, free).values(opening_until=now + OPENING_LEASE)
    async with database.write() as session:
        result = await session.exec(statement)
    return result.rowcount == 1


async def _create_leased(order: Order, *, fresh: bool) -> GatewayOrder:
    try:
        async with asyncio.timeout(_WORK_SECONDS):
            theirs = None if fresh else await _find_by_receipt(order)
            theirs = theirs or await _create(order)
    except (RazorpayError, TimeoutError) as failure:
        await _end_lease(order.id)
        if isinstance(failure, Refused):
            raise GatewayUnavailable("Razorpay does not accept this order. Your items are kept; tell us.") from failure
        raise GatewayUnavailable from failure
    row = GatewayOrder(
        id=theirs.id,
        order_id=order.id,
        amount=theirs.amount,
        currency=theirs.currency,
        key_id=gateway().key_id,
    )
    async with database.write() as session:
        await database.insert_new(session, row)
    return row


async def _end_lease(order_id: str) -> None:
    """Let the next try begin at once; the gateway has answered, if only with an error."""
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == order_id).values(opening_until=None))


async def _find_by_receipt(order: Order) -> OrderEntity | None:
    """Find the gateway order whose creation we never heard back from."""
    answer = await gateway().order.all({"receipt": order.id, "count": 10})
    return next((theirs for theirs in OrderEntity.read_all(answer) if theirs.receipt == order.id), None)


async def _create(order: Order) -> OrderEntity:
    created = await gateway().order.create(
        {
            "amount": order.amount,
            "currency": order.currency,
            "receipt": order.id,
            "notes": {"order_id": order.id, "quote": order.request_digest},
            "payment": {"capture": "automatic", "capture_options": _CAPTURE},
        }
    )
    return OrderEntity.read(created)
