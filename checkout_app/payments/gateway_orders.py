"""An order's counterparts at Razorpay: made once, whatever happens on the way, and found again when a reply got lost.

Razorpay has no idempotency key for orders. Ours is the receipt: before creating again after a lost reply, the receipt
is looked up. A short lease on the order keeps copies of one request, arriving together, from creating one each.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlmodel import bindparam, col, select, update
from structlog.contextvars import bind_contextvars

from checkout_app.core import database, due
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import keys
from checkout_app.payments.errors import GatewayUnavailable
from checkout_app.payments.gateway.client import gateway, items
from checkout_app.payments.gateway.entities import OrderEntity
from checkout_app.payments.gateway.errors import Conflict, RazorpayError, Refused
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.order_notes import notes_of

log = structlog.stdlib.get_logger(__name__)

OPENING_LEASE = timedelta(seconds=15)
"""How long one copy of a request has the opening to itself; another takes over when that one died."""
_WORK_SECONDS = 12.0
"""How long the holder of the lease may talk to the gateway: it gives up before another takes over."""
_CAPTURE = {"automatic_expiry_period": 7200, "refund_speed": "normal"}  # minutes: five days, the longest there is
_LOOK_AGAIN_SECONDS = 0.05
_LOOKS = 200

_OF_ORDER = Statement[GatewayOrder](
    select(GatewayOrder)
    .where(GatewayOrder.order_id == bindparam("order"))
    .order_by(col(GatewayOrder.created_at).desc())
)
_OF_PAYMENT = Statement[GatewayOrder](
    select(GatewayOrder)
    .join(Payment, col(Payment.gateway_order_id) == col(GatewayOrder.id))
    .where(Payment.id == bindparam("payment"))
)
_SPOKEN_OF = Statement[GatewayOrder](
    select(GatewayOrder).where(
        col(GatewayOrder.id).in_(
            [
                bindparam("gateway_order"),
                select(Payment.gateway_order_id).where(Payment.id == bindparam("payment")).scalar_subquery(),
            ]
        )
    )
)


async def find(session: Session, gateway_order_id: str) -> GatewayOrder | None:
    """Find a gateway order of ours by Razorpay's id."""
    return await session.get(GatewayOrder, gateway_order_id)


async def why_not_ours(session: Session, payment_id: str) -> str:
    """Say why our gateway can't be asked about a payment that we know; empty when it can."""
    paid_with = (await session.exec(_OF_PAYMENT, payment=payment_id)).one()
    return "" if keys.is_ours(paid_with) else keys.sentence(paid_with)


async def are_of_other_mode(gateway_order_id: str, payment_id: str) -> bool:
    """Tell whether somebody speaks of a gateway order or a payment of ours that is of another mode than ours."""
    async with database.ask() as session:
        found = (await session.exec(_SPOKEN_OF, gateway_order=gateway_order_id, payment=payment_id)).first()
    return found is not None and keys.is_of_other_mode(found)


async def of_order(session: Session, order_id: str) -> Sequence[GatewayOrder]:
    """Return an order's gateway orders, the one a buyer pays with now first."""
    return (await session.exec(_OF_ORDER, order=order_id)).all()


async def open_for_payment(order: Order, placed: Sequence[OrderLine] | None = None) -> GatewayOrder:
    """Return the gateway order to pay `order` with, creating it if there is none.

    `placed` are the lines of an order that was made a moment ago, lease included, so that nobody can have asked before.
    Raises GatewayUnavailable when the gateway does not answer; calling again is safe. Raises InvalidInput when it does
    not accept the order, which then is cancelled, and OrderClosed for an order that was opened in another mode or
    account: it can't be paid here, and is not opened twice.
    """
    if placed is not None:
        return await _create_leased(order, placed)
    for _ in range(_LOOKS):
        async with database.ask() as session:
            known = await of_order(session, order.id)
        if known:
            if not keys.is_ours(known[0]):
                raise OrderClosed(order.id)
            return known[0]
        if await _take_lease(order.id):
            return await _create_leased(order)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    raise GatewayUnavailable


def keep(session: Session, order_id: str, theirs: OrderEntity) -> None:
    """Write down that this order at the gateway is one of ours."""
    session.add_unless_known(_row(order_id, theirs))


async def adopt(order_id: str) -> None:
    """Take over gateway orders whose creation was never heard back from; raises RazorpayError."""
    rows = [_row(order_id, theirs) for theirs in await _find_by_receipt(order_id)]
    async with database.write() as session:
        for row in rows:
            session.add_unless_known(row)


async def _take_lease(order_id: str) -> bool:
    async with database.write() as session:
        return await due.take_lease(session, col(Order.opening_until), col(Order.id) == order_id, OPENING_LEASE)


async def _create_leased(order: Order, placed: Sequence[OrderLine] | None = None) -> GatewayOrder:
    try:
        async with asyncio.timeout(_WORK_SECONDS):
            theirs = await (_find_or_create(order) if placed is None else _create(order, placed))
    except (RazorpayError, TimeoutError) as failure:
        await _end_lease(order.id)
        raise GatewayUnavailable from failure
    row = _row(order.id, theirs)
    async with database.write() as session:
        session.add_unless_known(row)
    bind_contextvars(gateway_order_id=row.id)
    return row


async def _end_lease(order_id: str) -> None:
    """Let the next try begin at once; the gateway has answered, if only with an error."""
    async with database.write() as session:
        await session.exec(update(Order).where(col(Order.id) == order_id).values(opening_until=None))


async def _find_by_receipt(order_id: str) -> list[OrderEntity]:
    """Find what the gateway made for an order: its orders carry our id as their receipt.

    One that can't be understood is named and left out: nobody has been told of it, so nobody can pay it.
    """
    entities, odd = OrderEntity.read_each(items(await gateway().order.all({"receipt": order_id, "count": 100})))
    for garbled in odd:
        log.warning("gateway order not understood", order_id=order_id, garbled=str(garbled))
    return [theirs for theirs in entities if theirs.receipt == order_id]


async def _find_or_create(order: Order) -> OrderEntity:
    """Look for what a lost reply may have left, before anything is created again."""
    if known := await _find_by_receipt(order.id):
        return known[0]
    async with database.ask() as session:
        lines = await orders.lines(session, order.id)
    return await _create(order, lines)


async def _create(order: Order, lines: Sequence[OrderLine]) -> OrderEntity:
    body = {
        "amount": order.amount,
        "currency": order.currency,
        "receipt": order.id,
        "notes": notes_of(order, lines),
        "payment": {"capture": "automatic", "capture_options": _CAPTURE},
    }
    try:
        return OrderEntity.read(await gateway().order.create(body))
    except Conflict:
        raise
    except Refused as refusal:  # it would say the same of it again, so nothing is held for that
        log.warning("gateway refuses an order", order_id=order.id, refusal=str(refusal))
        async with database.write() as session:
            await orders.withdraw(session, order.id, "refused")
        raise InvalidInput({"items": f"Razorpay does not accept this order: {refusal}"}) from refusal


def _row(order_id: str, theirs: OrderEntity) -> GatewayOrder:
    return GatewayOrder(
        id=theirs.id, order_id=order_id, amount=theirs.amount, currency=theirs.currency, key_id=gateway().key_id
    )
