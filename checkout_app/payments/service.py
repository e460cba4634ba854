"""Read what is known about an order's money."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.payments.models import GatewayOrder, Payment, Refund


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
