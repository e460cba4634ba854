"""What is known about an order's money, and giving it back."""

import logging
from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.core import database
from checkout_app.orders.models import Order
from checkout_app.payments import refunds, settle
from checkout_app.payments.errors import PaymentNotFound, RefundRefused
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.models import Downtime, GatewayOrder, Payment, Refund
from checkout_app.payments.statuses import PaymentStatus

log = logging.getLogger(__name__)


async def gateway_order(session: AsyncSession, gateway_order_id: str) -> GatewayOrder | None:
    """Find a gateway order of ours by Razorpay's id."""
    return await session.get(GatewayOrder, gateway_order_id)


async def newest_gateway_order(session: AsyncSession, order_id: str) -> GatewayOrder | None:
    """Return the gateway order a buyer pays an order with now."""
    query = select(GatewayOrder).where(GatewayOrder.order_id == order_id).order_by(col(GatewayOrder.created_at).desc())
    return (await session.exec(query)).first()


async def payments_of(session: AsyncSession, order_id: str) -> Sequence[Payment]:
    """Return the attempts to pay an order, oldest first."""
    query = select(Payment).where(Payment.order_id == order_id).order_by(col(Payment.created_at))
    return (await session.exec(query)).all()


async def refunds_of(session: AsyncSession, order_id: str) -> Sequence[Refund]:
    """Return the refunds of an order's payments, oldest first."""
    query = select(Refund).where(Refund.order_id == order_id).order_by(col(Refund.created_at))
    return (await session.exec(query)).all()


async def trouble(session: AsyncSession) -> Sequence[Downtime]:
    """Return which ways to pay have trouble now, the oldest trouble first."""
    return (await session.exec(select(Downtime).order_by(col(Downtime.created_at), col(Downtime.id)))).all()


async def ask_gateway(order_id: str) -> bool:
    """Settle what the gateway knows of an order, for somebody who looks at it; returns whether it told everything.

    Whoever reads the books never gets an error because the gateway is odd.
    """
    try:
        await settle.refresh(order_id)
    except RazorpayError as failure:
        log.warning("The gateway does not tell about order %s (%s).", order_id, failure)
        return False
    return True


async def refund(payment_id: str, amount: int | None, *, reason: str, request_key: str) -> Refund:
    """Give `amount` minor units of a payment back, or all that is left; the same key again answers the same refund.

    Raises PaymentNotFound, and RefundRefused when less is left. When Razorpay does not answer, the refund is planned
    and carried out later.
    """
    async with database.write() as session:
        payment = await session.get(Payment, payment_id)
        if payment is None:
            raise PaymentNotFound
        await database.lock(session, Order, [payment.order_id])
        await session.refresh(payment)
        if payment.status != PaymentStatus.CAPTURED:
            raise RefundRefused("Only captured payments can be refunded.")
        planned = await refunds.plan(session, payment, amount, reason=reason, request_key=request_key)
    await refunds.carry_out_due(planned.order_id)
    async with database.read() as session:
        return await session.get_one(Refund, planned.id)
