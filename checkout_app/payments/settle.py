"""Settle: the only place where a payment moves an order.

The browser's success, Razorpay's callback and webhooks, the order page and the reconciler all end here, in any order,
any number of times, at the same time. The payment is read from the gateway, merged into what is known (news never moves
it back), and once its money is captured the money gets its purpose, once: it pays the order, it goes back to the buyer,
or a person must decide. The order's row is locked while that happens, or changed only if it still is as it was seen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import aliased
from sqlmodel import and_, bindparam, col, select
from structlog.contextvars import bind_contextvars

from checkout_app.catalog.errors import OutOfStock
from checkout_app.core import clock, database
from checkout_app.core.changes import Lost, Taken
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import GATEWAY
from checkout_app.journal.models import Data
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import OrderEvent, OrderPayment, OrderState
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import capture, gateway_orders, keys, refunded, refunds
from checkout_app.payments.capture import captured, fits
from checkout_app.payments.gateway.client import gateway, items
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.gateway.errors import Garbled, Refused
from checkout_app.payments.models import GatewayOrder, Payment, PaymentAllocation, Refund
from checkout_app.payments.statuses import PAYMENT_RANK, Cause, PaymentStatus, Purpose, RefundStatus, payment_status

Found = tuple[GatewayOrder, Order, OrderLine]
"""What a payment is for, once for each line of the order; lines never change."""
Money = tuple[Payment, Refund | None]
"""One of an order's payments, and what is to go back or on its way of it."""

_NAMED = (
    select(GatewayOrder, Order, OrderLine)
    .join(Order, col(Order.id) == col(GatewayOrder.order_id))
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .where(GatewayOrder.id == bindparam("gateway_order"))
)
_ORDER_OF = Statement[Found](_NAMED.with_for_update(of=Order))
"""Finds what a payment is for, and locks the order."""
_any = aliased(Payment)
_NO_PAYMENT = select(_any.id).where(col(_any.order_id) == col(Order.id)).limit(1).scalar_subquery().is_(None)
"""Not spelled EXISTS: that PostgreSQL would answer by a look through all payments, where it has not counted them."""
WAITS = and_(
    col(Order.state) == OrderState.OPEN,
    col(Order.payment_status) == OrderPayment.UNPAID,
    col(Order.stock) == Stock.HELD,
    _NO_PAYMENT,
)
"""That an order waits for money and none has come, good or bad."""
_WAITING = Statement[Found](_NAMED.where(WAITS))
"""Finds what a payment is for when its order waits."""
_MONEY_OF = Statement[Money](
    select(Payment, Refund)
    .outerjoin(
        Refund,
        and_(
            col(Refund.payment_id) == col(Payment.id),
            col(Refund.status).in_((RefundStatus.PLANNED, RefundStatus.PENDING)),
        ),
    )
    .where(Payment.order_id == bindparam("order"))
)
"""Finds an order's payments."""

log = structlog.stdlib.get_logger(__name__)


class ForeignPayment(Exception):
    """The payment belongs to no order that the books know."""

    def __init__(self, payment: PaymentEntity) -> None:
        super().__init__(payment.id)
        self.payment = payment


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something of an order that the gateway does not tell, or tells in a way that can't be understood."""

    subject: str
    """The gateway's id of it."""
    detail: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an order and one of its payments stand after settling."""

    order: Order
    payment: Payment
    owes: bool = False
    """Whether a refund of the order's money is planned, or has not reached the buyer yet."""


async def settle(payment_id: str, *, announced: bool = False, seen: Sequence[Found] = ()) -> Settlement:
    """Read a payment from the gateway and do what it calls for; `announced` when a webhook told us of it.

    `seen` is what it is said to be for, when that `WAITS`: it is not asked for again. Raises Unavailable when the
    gateway gives no trustworthy answer, ForeignPayment when the payment is not ours.
    """
    answer = await gateway().payment.fetch(payment_id, {"expand[]": ["card"]})
    return await settle_entity(PaymentEntity.read(answer), announced=announced, seen=seen)


async def settle_entity(entity: PaymentEntity, *, announced: bool = False, seen: Sequence[Found] = ()) -> Settlement:
    """Do what a payment just read from the gateway calls for."""
    entity = await captured(entity)
    settlement = await _first_money(entity, seen, announced=announced)
    if settlement is None:
        toward_order = await capture.toward_order(entity)
        async with database.write() as session:
            found = (await session.exec(_ORDER_OF, gateway_order=entity.order_id or "")).all()
            if not found:
                raise ForeignPayment(entity)
            money = (await session.exec(_MONEY_OF, order=found[0][1].id)).all()
            settlement = await _record(session, found, money, entity, announced=announced, toward_order=toward_order)
    payment = settlement.payment
    log.info("payment settled", payment_id=payment.id, status=payment.status, purpose=payment.purpose)
    if entity.amount_refunded == payment.amount_refunded and not settlement.owes:
        return settlement
    if entity.amount_refunded != payment.amount_refunded or await refunded.are_pending(entity.id):
        await refunded.adopt(entity.id)
    await refunds.carry_out_due(settlement.order.id)
    async with database.read() as session:  # the refunds may have moved the order
        order = await session.get_one(Order, settlement.order.id)
        return Settlement(order, await session.get_one(Payment, entity.id))


async def refresh(order_id: str) -> list[Unreadable]:
    """Ask the gateway for every payment of an order and settle each; raises Unavailable when it does not answer.

    What can't be read or understood is left out and returned; the rest goes on.
    """
    async with database.ask() as session:
        known = [each.id for each in await gateway_orders.of_order(session, order_id) if keys.is_ours(each)]
    unreadable: list[Unreadable] = []
    for gateway_order_id in known:
        with naming(gateway_order_id, unreadable):
            answer = await gateway().order.payments(gateway_order_id)
            entities, odd = PaymentEntity.read_each(items(answer))
            unreadable += [Unreadable(gateway_order_id, str(garbled)) for garbled in odd]
            for entity in entities:
                with naming(entity.id, unreadable):
                    await settle_entity(entity)
    return unreadable


@contextmanager
def naming(subject: str, unreadable: list[Unreadable]) -> Iterator[None]:
    """Keep one odd answer from ending the work on the others: note what it was about, and go on."""
    try:
        yield
    except (Refused, Garbled) as odd:
        unreadable.append(Unreadable(subject, str(odd)))
    except ForeignPayment:
        unreadable.append(Unreadable(subject, "It names no order of ours."))


async def await_confirmation(gateway_order_id: str, payment_id: str) -> Settlement:
    """Keep a payment whose signature holds but which the gateway can't confirm yet; the reconciler will ask again."""
    async with database.write() as session:
        gateway_order = await session.get_one(GatewayOrder, gateway_order_id)
        entity = PaymentEntity(
            id=payment_id,
            amount=gateway_order.amount,
            currency=gateway_order.currency,
            status="created",
        )
        [order] = await database.lock(session, Order, [gateway_order.order_id])
        known = await session.get(Payment, payment_id)
        payment = await _merge(session, gateway_order, order, known, entity)
        await orders.move(session, order, OrderEvent.CONFIRMING, GATEWAY, payment_id=payment_id)
    log.info("payment awaits confirmation", order_id=order.id, payment_id=payment_id)
    return Settlement(order, payment)


async def _first_money(entity: PaymentEntity, seen: Sequence[Found], *, announced: bool) -> Settlement | None:
    """Settle the first money that comes for an order and pays it, as almost all does, in one question and one change.

    The question is spared when somebody has `seen` the answer: however long ago, the change is made only if it holds.

    Returns None when it is not as simple, or was not any more at the end: then nothing has been done.
    """
    if payment_status(entity) is not PaymentStatus.CAPTURED:
        return None
    try:
        async with database.change() as session:
            if seen and seen[0][0].id == entity.order_id:
                session.know(row for found in seen for row in found)
            else:
                seen = (await session.exec(_WAITING, gateway_order=entity.order_id or "")).all()
            if not seen or not fits(entity, seen[0][1]):
                return None
            return await _record(session, seen, [], entity, announced=announced)
    except (Lost, Taken):
        return None


async def _record(
    session: Session,
    found: Sequence[Found],
    money: Sequence[Money],
    entity: PaymentEntity,
    *,
    announced: bool,
    toward_order: int | None = None,
) -> Settlement:
    gateway_order, order, _ = found[0]
    bind_contextvars(order_id=order.id)
    known = next((payment for payment, _ in money if payment.id == entity.id), None)
    owes = any(refund for _, refund in money)
    payment = await _merge(session, gateway_order, order, known, entity)
    if announced and payment.announced_at is None:
        payment.announced_at = clock.now()
    match payment.status:
        case PaymentStatus.CAPTURED:
            if payment.purpose == Purpose.NONE:
                payment.captured_at = clock.now()
                payment.purpose = await _purpose(session, order, [line for _, _, line in found], payment, toward_order)
                owes = owes or payment.purpose == Purpose.RETURN
        case PaymentStatus.AUTHORIZED:
            await orders.move(session, order, OrderEvent.CONFIRMING, GATEWAY, payment_id=payment.id, authorized=1)
        case PaymentStatus.FAILED | PaymentStatus.VOIDED:
            await _reopen(session, order)
    return Settlement(order, payment, owes)


async def _merge(
    session: Session, gateway_order: GatewayOrder, order: Order, payment: Payment | None, entity: PaymentEntity
) -> Payment:
    """Merge what the gateway says into what is known: a payment only ever moves to a stronger status."""
    now = clock.now()
    if payment is None:
        payment = Payment(
            id=entity.id,
            order_id=order.id,
            gateway_order_id=gateway_order.id,
            amount=entity.amount,
            currency=entity.currency,
        )
        session.add(payment)
    elif PAYMENT_RANK[payment_status(entity)] <= PAYMENT_RANK[PaymentStatus(payment.status)]:
        return payment
    else:  # what the gateway says outranks what the signed message let us assume
        payment.amount, payment.currency = entity.amount, entity.currency
    payment.status = payment_status(entity)
    payment.updated_at = now
    payment.method = (entity.method or payment.method)[:20]
    payment.method_detail = (entity.method_detail or payment.method_detail)[:120]
    failed = payment_status(entity) is PaymentStatus.FAILED
    payment.error_reason = (entity.error_reason or "")[:80] or None if failed else None
    payment.error_description = (entity.error_description or "")[:300] or None if failed else None
    orders.schedule_check(order, now)
    if failed:
        await orders.record(session, order, OrderEvent.PAYMENT_FAILED, GATEWAY, payment_id=payment.id)
    return payment


async def _purpose(
    session: Session, order: Order, lines: Sequence[OrderLine], payment: Payment, toward_order: int | None
) -> Purpose:
    """Decide, once, what captured money is for, and set that in motion."""
    money: Data = {"amount": payment.amount, "currency": payment.currency}
    if not fits(payment, order, toward_order):
        await orders.open_issue(session, order, IssueKind.WRONG_AMOUNT, payment.id, data=money)
        return Purpose.ATTENTION
    if order.paid_at is not None:
        return await _return(session, order, payment, Cause.PAID_TWICE)
    if order.state == OrderState.CANCELLED:  # also when another payment of it has gone back already
        return await _return(session, order, payment, Cause.CANCELLED)
    try:
        await orders.commit_stock(session, order, lines)
    except OutOfStock:
        await orders.move(session, order, OrderEvent.SOLD_OUT)
        return await _return(session, order, payment, Cause.SOLD_OUT)
    payment.toward_order = toward_order
    session.add(PaymentAllocation(order_id=order.id, payment_id=payment.id))
    await orders.move(session, order, OrderEvent.PAID, GATEWAY, payment_id=payment.id, **money)
    return Purpose.ORDER


async def _return(session: Session, order: Order, payment: Payment, cause: Cause) -> Purpose:
    await refunds.plan(session, payment, None, cause=cause, request_key=f"return-{payment.id}")
    await orders.record(session, order, OrderEvent.RETURNING, payment_id=payment.id, cause=cause)
    return Purpose.RETURN


async def _reopen(session: Session, order: Order) -> None:
    """Let the buyer try again when no payment of the order is under way any more."""
    if order.payment_status != OrderPayment.CONFIRMING:
        return
    alive = (PaymentStatus.CREATED, PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED)
    query = select(Payment.id).where(Payment.order_id == order.id, col(Payment.status).in_(alive))
    if (await session.exec(query)).first() is None:
        await orders.move(session, order, OrderEvent.REOPENED, GATEWAY)
