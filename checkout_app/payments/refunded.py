"""What went back, as the gateway tells it: written down, those of its dashboard included, and followed by the order."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from checkout_app.core import clock, database
from checkout_app.core.session import Session
from checkout_app.journal.actors import GATEWAY
from checkout_app.journal.models import Data
from checkout_app.orders import requests
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import MOVES, Fulfilment, OrderEvent
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import RefundEntity
from checkout_app.payments.gateway.errors import Garbled
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import (
    ACCEPTED,
    BACK,
    GIVEN,
    REFUND_RANK,
    Cause,
    PaymentStatus,
    Purpose,
    RefundStatus,
    refund_status,
)


async def are_pending(payment_id: str) -> bool:
    """Tell whether a refund of this payment still waits for the bank."""
    query = select(Refund.id).where(Refund.payment_id == payment_id, Refund.status == RefundStatus.PENDING)
    async with database.ask() as session:
        return (await session.exec(query)).first() is not None


async def adopt(payment_id: str) -> None:
    """Take over what the gateway knows about a payment's refunds, those made in its dashboard included.

    One that can't be understood keeps none of the others away; afterwards it is raised, as Garbled.
    """
    listing = partial(gateway().payment.fetch_multiple_refund, payment_id)
    odd: list[Garbled] = []
    async for page in gateway().pages(listing, {}):
        entities, not_understood = RefundEntity.read_each(page)
        odd += not_understood
        try:
            await record(payment_id, entities)
        except Garbled as garbled:
            odd.append(garbled)
    if odd:
        raise odd[0]


async def record(payment_id: str, entities: Sequence[RefundEntity]) -> None:
    """Write down what the gateway says of a payment's refunds; raises Garbled when it can't be true of that payment."""
    try:
        await _write_down(payment_id, entities)
    except IntegrityError as misfit:  # they add up to more than was paid, or one is another payment's
        raise Garbled("RefundEntity: these refunds can't be this payment's") from misfit


async def _write_down(payment_id: str, entities: Sequence[RefundEntity]) -> None:
    async with database.write() as session:
        payment = await session.get_one(Payment, payment_id)
        [order] = await database.lock(session, Order, [payment.order_id])
        await session.refresh(payment)
        for entity in entities:
            await _merge(session, order, payment, entity)
        await session.flush()
        payment.amount_refunded = await sum_of(session, payment.id, ACCEPTED)
        await session.flush()
        await follow(session, order)


async def _merge(session: Session, order: Order, payment: Payment, entity: RefundEntity) -> None:
    """Find the refund the gateway speaks of, or adopt it as new; it only ever moves to a stronger status."""
    ours = (col(Refund.gateway_refund_id) == entity.id) | (
        (col(Refund.id) == entity.receipt) & col(Refund.gateway_refund_id).is_(None)
    )
    refund = (await session.exec(select(Refund).where(Refund.payment_id == payment.id, ours))).one_or_none()
    if refund is None:
        refund = Refund(
            payment_id=payment.id,
            order_id=order.id,
            amount=entity.amount,
            currency=entity.currency,
            cause=Cause.VOIDED if payment.status == PaymentStatus.VOIDED else Cause.DASHBOARD,
        )
        session.add(refund)
    is_news = refund.gateway_refund_id is None  # whatever the books made of it, the gateway has taken it
    refund.gateway_refund_id = entity.id
    refund.bank_reference = entity.bank_reference or refund.bank_reference
    status = refund_status(entity)
    if not is_news and REFUND_RANK[status] <= REFUND_RANK[RefundStatus(refund.status)]:
        return
    refund.status, refund.due_at, refund.updated_at = status, None, clock.now()
    money: Data = {"amount": entity.amount, "currency": entity.currency}
    if status is RefundStatus.FAILED:
        await orders.open_issue(session, order, IssueKind.REFUND_FAILED, refund.id, data=money)
    else:
        sent: Data = {"sent": 1} if status is RefundStatus.PROCESSED else {}
        await orders.record(session, order, OrderEvent.REFUND, GATEWAY, refund_id=refund.id, **money, **sent)
        if payment.purpose == Purpose.ORDER:
            await requests.answer(session, order)
    orders.schedule_check(order, clock.now())


async def follow(session: Session, order: Order) -> None:
    """Let the order say how much of its money went back, and its units be on the shelf again when all of it did.

    The caller holds its lock, and its refunds are written down.
    """
    payments = (await session.exec(select(Payment).where(Payment.order_id == order.id))).all()
    kept = next((payment for payment in payments if payment.purpose == Purpose.ORDER), None)
    if kept is None:
        await _follow_returns(session, order, payments)
        return
    back = await sum_of(session, kept.id, BACK)
    some_back = OrderEvent.REFUNDED if back >= kept.refundable else OrderEvent.PARTIALLY_REFUNDED
    event = some_back if back else OrderEvent.REFUND_FAILED
    if order.payment_status != MOVES[event].payment:
        data: Data = {"amount": back, "currency": kept.currency}
        await orders.move(session, order, event, GATEWAY, **data)
    if event is OrderEvent.REFUNDED and order.fulfilment_status == Fulfilment.UNFULFILLED:
        await _restock_if_wanted(session, order, kept)


async def _follow_returns(session: Session, order: Order, payments: Sequence[Payment]) -> None:
    """Do the same for an order whose money pays nothing and goes back whole."""
    returned = [payment for payment in payments if payment.purpose == Purpose.RETURN]
    if not returned:
        return
    all_back = [await sum_of(session, payment.id, BACK) >= payment.amount for payment in returned]
    event = OrderEvent.RETURNED if all(all_back) else OrderEvent.RETURN_FAILED
    if order.payment_status != MOVES[event].payment:
        await orders.move(session, order, event, GATEWAY)


async def _restock_if_wanted(session: Session, order: Order, payment: Payment) -> None:
    """Put the units back on the shelf, unless somebody said of a refund that they should not go there.

    What was said of one that failed holds until another is asked for: when the money went back by other ways, nobody
    has taken the word back.
    """
    planned = select(Refund.status, Refund.restock).where(Refund.payment_id == payment.id)
    said = (await session.exec(planned.where(Refund.cause == Cause.REQUESTED))).all()
    if all([restock for status, restock in said if status in GIVEN] or [restock for _, restock in said]):
        await orders.restock(session, order)


async def sum_of(session: Session, payment_id: str, statuses: Sequence[RefundStatus]) -> int:
    """Add up the refunds of a payment that have one of these statuses."""
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment_id, col(Refund.status).in_(statuses)
    )
    return int((await session.exec(query)).one())
