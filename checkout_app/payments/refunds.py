"""Refunds: decided in a transaction, carried out after it, repeated until the gateway has answered.

The row, and with it the idempotency key, is there before the gateway is asked. A lost reply is asked for again under
the same key, so the money leaves once.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlmodel import select
from structlog.contextvars import bind_contextvars

from checkout_app.core import clock, database, due
from checkout_app.core.money import format_amount
from checkout_app.core.session import Session
from checkout_app.journal.models import Data
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import RETURN_REASONS, IssueKind
from checkout_app.payments import gateway_orders, refund_parts, refunded
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.gateway import amounts
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import RefundEntity
from checkout_app.payments.gateway.errors import Conflict, Garbled, Refused, Unavailable
from checkout_app.payments.left import left_of
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.refund_parts import Parts
from checkout_app.payments.statuses import ACCEPTED, Cause, Purpose, RefundStatus

log = structlog.stdlib.get_logger(__name__)

LADDER = due.Ladder(
    pauses=tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600, 21600)),
    lease=timedelta(seconds=60),
)


async def plan(
    session: Session,
    payment: Payment,
    amount: int | None,
    *,
    request_key: str,
    of: Parts | None = None,
    cause: Cause = Cause.REQUESTED,
    reason: str = "",
    restock: bool = True,
) -> Refund:
    """Decide a refund, of all that is left without an amount, for `carry_out_due` to send; a key answers one refund.

    Where it is said what parts it is `of`, their worth is the amount. The caller holds the lock of the payment's order.
    Raises RefundRefused when less than `amount` is left, or not as much of a part, or when Razorpay would not send it,
    or not the rest, for being too little; and InvalidInput for a part that there is not.
    """
    if refund := await asked_before(session, payment, request_key):
        if (of or Parts()) != await refund_parts.of_refund(session, refund.id):
            raise RefundRefused("This refund was already asked for with other lines.")
        if amount not in {None, refund.amount}:
            raise RefundRefused("This refund was already asked for with another amount.")
        return refund
    parts = await refund_parts.priced(session, payment, of) if of else ()
    most = await left(session, payment)
    if parts:
        amount = sum(part.amount for part in parts)
    amount = most if amount is None else amount
    if not 0 < amount <= most:
        raise RefundRefused(f"Only {format_amount(max(most, 0), payment.currency)} is left to refund.")
    least = amounts.least(payment.currency)
    if amount < most and min(amount, most - amount) < least:
        said = format_amount(least, payment.currency)
        raise RefundRefused(f"Razorpay sends back {said} at least: give all that is left, or leave as much.")
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        request_key=request_key,
        amount=amount,
        currency=payment.currency,
        cause=cause,
        reason=reason,
        restock=restock,
        due_at=clock.now(),
    )
    session.add(refund)
    refund_parts.keep(session, refund, parts)
    await session.flush()
    return refund


async def asked_before(session: Session, payment: Payment, request_key: str) -> Refund | None:
    """Return the refund of a payment that was asked for under a key; None when there is none."""
    known = select(Refund).where(Refund.payment_id == payment.id, Refund.request_key == request_key)
    return (await session.exec(known)).one_or_none()


def reason_of(refund: Refund) -> str:
    """Say why money goes back: what a person wrote, or what the shop knows."""
    return refund.reason or RETURN_REASONS[refund.cause]


async def left(session: Session, payment: Payment) -> int:
    """Return how much of a payment no refund gives back: `left_of` says which count."""
    return left_of(payment, await of_payment(session, payment.id))


async def of_payment(session: Session, payment_id: str) -> Sequence[Refund]:
    """Return all refunds of a payment."""
    return (await session.exec(select(Refund).where(Refund.payment_id == payment_id))).all()


async def carry_out_due(order_id: str | None = None) -> int:
    """Send the planned refunds that are due, of one order or of all; returns how many the gateway took.

    Several go at once, but those of one payment one after the other: the gateway takes no two together.
    """
    conditions = [Refund.status == RefundStatus.PLANNED, *([Refund.order_id == order_id] if order_id else [])]
    return await due.drain(Refund, LADDER, _carry_out, *conditions, apart=lambda refund: refund.payment_id)


async def _carry_out(refund: Refund) -> bool:
    """Send one planned refund to the gateway, for the worker that has it to itself.

    It may have waited for its turn behind others, and the gateway have told of it meanwhile.
    """
    async with database.ask() as session:
        if (await session.get_one(Refund, refund.id)).status != RefundStatus.PLANNED:
            return False
    bind_contextvars(order_id=refund.order_id, refund_id=refund.id)
    try:
        return await _ask(refund)
    except Garbled as garbled:
        log.warning("refund's answer not understood, it is asked for again", garbled=str(garbled))
    except Unavailable as failure:
        raise due.Outage(f"Refund {refund.id} is unsure ({failure})") from failure
    except Refused as refusal:
        log.warning("refund unsure, it is asked for again", refusal=str(refusal))
    return False


async def _ask(refund: Refund) -> bool:
    async with database.ask() as session:
        not_ours = await gateway_orders.why_not_ours(session, refund.payment_id)
    if not_ours:
        await _refused(refund.id, not_ours)
        return False
    body = {"amount": refund.amount, "receipt": refund.id, "notes": {"reason": reason_of(refund)}}
    try:
        answer = await gateway().payment.refund(refund.payment_id, body, headers={"X-Refund-Idempotency": refund.id})
    except Conflict:
        raise
    except Refused as refusal:
        await refunded.adopt(refund.payment_id)  # perhaps it was refunded in the dashboard meanwhile
        await _refused(refund.id, str(refusal))
        return False
    await refunded.record(refund.payment_id, [RefundEntity.read(answer)])
    log.info("refund accepted", payment_id=refund.payment_id, amount=refund.amount)
    return True


async def _refused(refund_id: str, detail: str) -> None:
    """Keep why the gateway refused. The refund stays planned while money is left that it could return."""
    async with database.write() as session:
        refund = await session.get_one(Refund, refund_id)
        [order] = await database.lock(session, Order, [refund.order_id])
        await session.refresh(refund)
        if refund.status != RefundStatus.PLANNED:
            return
        refund.failure = detail[:300]
        payment = await session.get_one(Payment, refund.payment_id)
        if await refunded.sum_of(session, payment.id, ACCEPTED) + refund.amount > payment.amount:
            refund.status, refund.due_at = RefundStatus.FAILED, None
            await _return_the_rest(session, payment, refund)
            return
        money: Data = {"amount": refund.amount, "currency": refund.currency}
        await orders.open_issue(session, order, IssueKind.REFUND_REFUSED, refund.id, data=money, detail=detail)


async def _return_the_rest(session: Session, payment: Payment, failed: Refund) -> None:
    """Go on returning money that can't be honoured when a part of it went back by other ways meanwhile."""
    await session.flush()
    if payment.purpose == Purpose.RETURN and await left(session, payment) > 0:
        cause = Cause(failed.cause)
        await plan(session, payment, None, cause=cause, reason=failed.reason, request_key=f"rest-{failed.id}")


WORK = due.of_rows("refunds", lambda: carry_out_due(), Refund)  # noqa: PLW0108 - looked up when it is called
