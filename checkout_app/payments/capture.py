"""Capture: authorised money becomes the shop's, when it would pay an order.

A payment pays an order by being of its amount. Razorpay itself may have made another sum of that: an offer lowers what
is paid, a fee that the buyer bears raises it. Then the gateway's order has the word, once the money is captured.
"""

import structlog
from sqlmodel import bindparam, col, exists, select

from checkout_app.core import database
from checkout_app.core.statements import Statement
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderState
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import OrderEntity, PaymentEntity
from checkout_app.payments.gateway.errors import Refused, Unavailable
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose, payment_status

_UNDECIDED = Statement[GatewayOrder](
    select(GatewayOrder).where(
        GatewayOrder.id == bindparam("gateway_order"),
        ~exists().where(col(Payment.id) == bindparam("payment"), col(Payment.purpose) != Purpose.NONE),
    )
)
"""Finds what a payment is for, unless it is decided what its money is for."""

log = structlog.stdlib.get_logger(__name__)


async def captured(entity: PaymentEntity) -> PaymentEntity:
    """Return a payment just read from the gateway, captured if it was authorised and is wanted."""
    if payment_status(entity) is PaymentStatus.AUTHORIZED and await _is_wanted(entity):
        return await _capture(entity)
    return entity


async def _is_wanted(entity: PaymentEntity) -> bool:
    """Tell whether capturing would pay an order; authorised money that would not returns by itself, uncaptured."""
    async with database.read() as session:
        gateway_order = await session.get(GatewayOrder, entity.order_id or "")
        if gateway_order is None:
            return False
        order = await session.get_one(Order, gateway_order.order_id)
        fitting = fits(entity, order) or _is_repriced(entity, order)
        return order.paid_at is None and order.state != OrderState.CANCELLED and fitting


async def _capture(entity: PaymentEntity) -> PaymentEntity:
    """Capture an authorised payment; when that fails the payment stays authorised and is tried again later."""
    try:
        answer = await gateway().payment.capture(entity.id, entity.amount, {"currency": entity.currency})
    except Refused as refusal:
        # Most often somebody else captured it a moment ago; the gateway's present view decides.
        log.info("capture refused, payment is read again", payment_id=entity.id, refusal=str(refusal))
        answer = await gateway().payment.fetch(entity.id)
    except Unavailable as failure:
        log.warning("capture unsure", payment_id=entity.id, failure=str(failure))
        return entity
    return PaymentEntity.read(answer)


def fits(payment: PaymentEntity | Payment, order: Order, toward_order: int | None = None) -> bool:
    """Tell whether a payment is exactly what an order costs, or counts so much `toward_order` at the gateway."""
    return (toward_order or payment.amount) == order.amount and payment.currency == order.currency


def _is_repriced(entity: PaymentEntity, order: Order) -> bool:
    """Tell whether an authorised payment says that Razorpay changed what an order costs, and in which way."""
    lowered = bool(entity.offer_id) and entity.amount < order.amount
    raised = entity.fee_bearer == "customer" and entity.amount > order.amount
    return entity.currency == order.currency and (lowered or raised)


async def toward_order(entity: PaymentEntity) -> int | None:
    """Ask what a captured payment of another sum than its order at the gateway counts there; None for any other.

    It counts all of the order when the gateway says that this is paid. Raises RazorpayError.
    """
    if payment_status(entity) is not PaymentStatus.CAPTURED:
        return None
    async with database.ask() as session:
        known = (await session.exec(_UNDECIDED, gateway_order=entity.order_id or "", payment=entity.id)).one_or_none()
    if known is None or known.amount == entity.amount:
        return None
    theirs = OrderEntity.read(await gateway().order.fetch(known.id))
    return theirs.amount if theirs.is_paid and theirs.currency == entity.currency else None
