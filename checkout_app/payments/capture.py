"""Capture: authorised money becomes the shop's, when it would pay an order."""

import structlog

from checkout_app.core import database
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderState
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.gateway.errors import Refused, Unavailable
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, payment_status

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
        return order.paid_at is None and order.state != OrderState.CANCELLED and fits(entity, order)


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


def fits(payment: PaymentEntity | Payment, order: Order) -> bool:
    """Tell whether a payment is exactly what an order costs."""
    return payment.amount == order.amount and payment.currency == order.currency
