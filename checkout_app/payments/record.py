"""Everything the books hold about one order, gathered in one place for whoever shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.orders import service
from checkout_app.orders.models import Order, OrderEvent, OrderLine
from checkout_app.payments import service as payments
from checkout_app.payments.models import Payment, Refund


@dataclass(frozen=True, slots=True)
class Record:
    """An order with all that belongs to it; `asked` when the gateway has just been asked as well."""

    order: Order
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    timeline: Sequence[OrderEvent]
    asked: bool


async def gather(session: AsyncSession, order: Order, *, asked: bool = False) -> Record:
    """Read what belongs to an order that its reader may see."""
    return Record(
        order=order,
        lines=await service.lines(session, order.id),
        payments=await payments.payments_of(session, order.id),
        refunds=await payments.refunds_of(session, order.id),
        timeline=await service.timeline(session, order.id),
        asked=asked,
    )
