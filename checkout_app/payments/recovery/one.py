"""One order made whole: the books have it and its payments again."""

from typing import Final

from sqlmodel import col, select

from checkout_app.core import database
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.errors import IssueNotFound, NothingToResolve
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.models import Order
from checkout_app.payments import orphans
from checkout_app.payments.errors import GatewayUnavailable, NotRecoverable
from checkout_app.payments.gateway.client import gateway, items
from checkout_app.payments.gateway.entities import OrderEntity, PaymentEntity
from checkout_app.payments.gateway.errors import Garbled, NotFound, RazorpayError
from checkout_app.payments.models import GatewayOrder
from checkout_app.payments.recovery.again import make_again
from checkout_app.payments.recovery.money import settle_all
from checkout_app.payments.statuses import PaymentStatus, payment_status

ASKED: Final = "recovery_asked"
"""What the journal calls it that somebody had an order made again."""
_WITH_MONEY: Final = (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED)


async def make_whole(theirs: OrderEntity, *, refund: bool = False) -> str:
    """Let the books have an order and its payments; returns why that can't be, empty where it can.

    One that nobody has paid is left alone. `refund` lets go back what goes back by the shop's rules. Raises
    RazorpayError.
    """
    payments, odd = PaymentEntity.read_each(items(await gateway().order.payments(theirs.id)))
    if odd:
        return str(odd[0])
    paid = [payment for payment in payments if payment_status(payment) in _WITH_MONEY]
    if not paid:
        return ""
    paid.sort(key=lambda payment: (orphans.left_of(payment) == 0, not payment.captured, payment.created_at))
    try:
        await make_again(theirs, paid[0])
    except ValueError as unclear:
        return str(unclear)
    await settle_all(theirs.id, paid, refund=refund)
    return ""


async def recover(issue_id: str, by: Actor) -> Order:
    """Make the order again that an issue says is missing, for somebody who asks for it; again answers the same order.

    Nothing goes back by it. Raises IssueNotFound, NothingToResolve, NotRecoverable and GatewayUnavailable.
    """
    async with database.write() as session:
        issue = await session.get(Issue, issue_id)
        if issue is None or issue.subject != Subject.ORPHAN:
            raise IssueNotFound
        if issue.resolved_at is None:
            await journal.record(session, Subject.ORPHAN, issue.subject_id, ASKED, by, payment_id=issue.about)
    if issue.resolved_at is None:
        await _recover(issue.subject_id)
    if (order := await _order_of(issue.subject_id)) is None:
        raise NothingToResolve if issue.resolved_at else NotRecoverable("Razorpay has no money for this order.")
    return order


async def _recover(gateway_order_id: str) -> None:
    try:
        theirs = OrderEntity.read(await gateway().order.fetch(gateway_order_id))
        why_not = await make_whole(theirs)
    except (Garbled, NotFound) as odd:
        raise NotRecoverable(f"Razorpay does not say what it was: {odd}.") from odd
    except RazorpayError as failure:
        raise GatewayUnavailable from failure
    if why_not:
        raise NotRecoverable(f"Razorpay does not say what it was: {why_not}.")


async def _order_of(gateway_order_id: str) -> Order | None:
    known = select(Order).join(GatewayOrder, col(GatewayOrder.order_id) == col(Order.id))
    async with database.ask() as session:
        return (await session.exec(known.where(GatewayOrder.id == gateway_order_id))).one_or_none()
