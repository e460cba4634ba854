"""The money of an order that was made again: settled as always, but nothing of it is sent back unasked."""

from collections.abc import Sequence
from datetime import UTC, datetime

from checkout_app.catalog import stock
from checkout_app.core import clock, database
from checkout_app.core.money import format_amount
from checkout_app.core.session import Session
from checkout_app.journal import issues
from checkout_app.journal.models import Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, Stock
from checkout_app.orders.moves import OrderState
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import orphans, settle
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import Purpose


async def settle_all(gateway_order_id: str, paid: Sequence[PaymentEntity], *, refund: bool) -> None:
    """Settle the payments of an order that the books know by now; the first is the one that pays it.

    Raises RazorpayError. `refund` lets go back what goes back by the shop's rules.
    """
    async with database.write() as session:
        gateway_order = await session.get_one(GatewayOrder, gateway_order_id)
        [order] = await database.lock(session, Order, [gateway_order.order_id])
        if order.stock == Stock.RELEASED:
            await stock.turn_up(session, await orders.units_of(session, order.id))
        if not refund:
            takes_none = order.paid_at is not None or order.state == OrderState.CANCELLED
            surplus = paid if takes_none else paid[1:]
            for payment in surplus:
                await _set_aside(session, order, gateway_order, payment)
    for payment in paid:
        await settle.settle_entity(payment, announced=True)
    async with database.write() as session:
        [order] = await database.lock(session, Order, [gateway_order.order_id])
        if order.paid_at and paid[0].created_at:
            order.paid_at = min(order.paid_at, datetime.fromtimestamp(paid[0].created_at, UTC))
        await issues.close_by_time(session, Subject.ORPHAN, gateway_order_id, {IssueKind.ORPHAN})


async def _set_aside(session: Session, order: Order, gateway_order: GatewayOrder, payment: PaymentEntity) -> None:
    """Keep money from going back by itself: a person decides about it."""
    if not orphans.left_of(payment) or await session.get(Payment, payment.id) is not None:
        return
    row = Payment(
        id=payment.id,
        order_id=order.id,
        gateway_order_id=gateway_order.id,
        amount=payment.amount,
        currency=payment.currency,
        purpose=Purpose.ATTENTION,
        captured_at=clock.now(),
    )
    session.add(row)
    left = format_amount(orphans.left_of(payment), payment.currency)
    detail = f"{left} of payment {payment.id} does not pay it: refund it, or say what became of it."
    await orders.open_issue(session, order, IssueKind.RECOVERED, payment.id, detail=detail)
