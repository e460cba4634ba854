"""Refunds: decided in a transaction, carried out after it, repeated until the gateway has answered.

The row, and with it the idempotency key, is there before the gateway is asked. A lost reply is asked for again under
the same key, so the money leaves once.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.core import clock, database
from checkout_app.core.money import format_amount
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderStatus
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import RefundEntity
from checkout_app.payments.gateway.errors import Conflict, RazorpayError, Refused
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import REFUND_RANK, Purpose, RefundStatus, refund_status

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long one worker keeps a refund to itself while it asks the gateway."""
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600, 21600))
_LIVE = (RefundStatus.PLANNED, RefundStatus.PENDING, RefundStatus.PROCESSED)
_ACCEPTED = (RefundStatus.PENDING, RefundStatus.PROCESSED)


async def plan(session: AsyncSession, payment: Payment, amount: int | None, *, reason: str, request_key: str) -> Refund:
    """Decide a refund, for `carry_out_due` to send; the same key again answers the same refund.

    Without an amount it is all that is left.

    The caller holds the lock of the payment's order. Raises RefundRefused when less than `amount` is left.
    """
    known = select(Refund).where(Refund.payment_id == payment.id, Refund.request_key == request_key)
    if refund := (await session.exec(known)).one_or_none():
        if amount not in {None, refund.amount}:
            raise RefundRefused("This refund was already asked for with another amount.")
        return refund
    most = await left(session, payment)
    amount = most if amount is None else amount
    if not 0 < amount <= most:
        raise RefundRefused(f"Only {format_amount(most, payment.currency)} is left to refund.")
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        request_key=request_key,
        amount=amount,
        currency=payment.currency,
        reason=reason,
        try_at=clock.now(),
    )
    session.add(refund)
    await session.flush()
    return refund


async def left(session: AsyncSession, payment: Payment) -> int:
    """Return how much of a payment no refund gives back, in minor units; refunds that failed do not count.

    It is below 0 after money was refunded in the dashboard for which a refund was planned here, until that is refused.
    """
    return payment.amount - await _sum(session, payment.id, _LIVE)


async def carry_out_due(order_id: str | None = None, *, limit: int = 50) -> int:
    """Send the planned refunds that are due, of one order or of all; returns how many the gateway took."""
    query = (
        select(Refund.id)
        .where(Refund.status == RefundStatus.PLANNED, col(Refund.try_at) <= clock.now())
        .order_by(col(Refund.try_at))
        .limit(limit)
    )
    async with database.read() as session:
        due = (await session.exec(query.where(Refund.order_id == order_id) if order_id else query)).all()
    return sum([await _carry_out(refund_id) for refund_id in due])


async def _carry_out(refund_id: str) -> bool:
    """Send one planned refund to the gateway, unless another worker is doing so."""
    refund = await _claim(refund_id)
    if refund is None:
        return False
    try:
        return await _ask(refund)
    except RazorpayError as failure:
        log.warning("Refund %s is unsure (%s); it will be asked for again.", refund.id, failure)
        return False


async def _ask(refund: Refund) -> bool:
    body = {"amount": refund.amount, "receipt": refund.id, "notes": {"reason": refund.reason}}
    try:
        answer = await gateway().payment.refund(refund.payment_id, body, headers={"X-Refund-Idempotency": refund.id})
    except Conflict:
        raise
    except Refused as refusal:
        await adopt(refund.payment_id)  # perhaps it was refunded in the dashboard meanwhile
        await _refused(refund.id, str(refusal))
        return False
    await _record(refund.payment_id, [RefundEntity.read(answer)])
    return True


async def _claim(refund_id: str) -> Refund | None:
    now = clock.now()
    async with database.write() as session:
        refund = (await database.lock(session, Refund, [refund_id]))[0]
        if refund.status != RefundStatus.PLANNED or refund.try_at is None or refund.try_at > now:
            return None
        pause = _PAUSES[min(refund.attempts, len(_PAUSES) - 1)]
        refund.attempts += 1
        refund.try_at = now + max(pause, LEASE)
        return refund


async def _refused(refund_id: str, words: str) -> None:
    """Keep why the gateway refused. The refund stays planned while money is left that it could return."""
    async with database.write() as session:
        refund = await session.get_one(Refund, refund_id)
        [order] = await database.lock(session, Order, [refund.order_id])
        await session.refresh(refund)
        if refund.status != RefundStatus.PLANNED:
            return
        refund.failure = words[:300]
        payment = await session.get_one(Payment, refund.payment_id)
        if await _sum(session, payment.id, _ACCEPTED) + refund.amount > payment.amount:
            refund.status, refund.try_at = RefundStatus.FAILED, None
            await _return_the_rest(session, payment, refund)
            return
        amount = format_amount(refund.amount, refund.currency)
        await orders.raise_attention(session, order, f"Razorpay refuses to refund {amount}: {words}")


async def _return_the_rest(session: AsyncSession, payment: Payment, failed: Refund) -> None:
    """Go on returning money that can't be honoured when a part of it went back by other ways meanwhile."""
    await session.flush()
    if payment.purpose == Purpose.RETURN and await left(session, payment) > 0:
        await plan(session, payment, None, reason=failed.reason, request_key=f"rest-{failed.id}")


async def are_pending(payment_id: str) -> bool:
    """Tell whether a refund of this payment still waits for the bank."""
    query = select(Refund.id).where(Refund.payment_id == payment_id, Refund.status == RefundStatus.PENDING)
    async with database.read() as session:
        return (await session.exec(query)).first() is not None


async def adopt(payment_id: str) -> None:
    """Take over what the gateway knows about a payment's refunds, those made in its dashboard included."""
    listing = partial(gateway().payment.fetch_multiple_refund, payment_id)
    async for page in gateway().pages(listing, {}):
        await _record(payment_id, [RefundEntity.read(item) for item in page])


async def _record(payment_id: str, entities: Sequence[RefundEntity]) -> None:
    async with database.write() as session:
        payment = await session.get_one(Payment, payment_id)
        [order] = await database.lock(session, Order, [payment.order_id])
        await session.refresh(payment)
        for entity in entities:
            await _merge(session, order, payment, entity)
        await session.flush()
        payment.amount_refunded = await _sum(session, payment.id, _ACCEPTED)
        await session.flush()
        await _follow(session, order)


async def _merge(session: AsyncSession, order: Order, payment: Payment, entity: RefundEntity) -> None:
    """Find the refund the gateway speaks of, or adopt it as new; it only ever moves to a stronger status."""
    ours = (col(Refund.gateway_refund_id) == entity.id) | (
        (col(Refund.id) == entity.receipt) & col(Refund.gateway_refund_id).is_(None)
    )
    refund = (await session.exec(select(Refund).where(Refund.payment_id == payment.id, ours))).one_or_none()
    amount = format_amount(entity.amount, entity.currency)
    if refund is None:
        refund = Refund(
            payment_id=payment.id,
            order_id=order.id,
            amount=entity.amount,
            currency=entity.currency,
            reason="Made in the Razorpay dashboard.",
        )
        session.add(refund)
    refund.gateway_refund_id = entity.id
    refund.bank_reference = entity.bank_reference or refund.bank_reference
    if REFUND_RANK[refund_status(entity)] <= REFUND_RANK[RefundStatus(refund.status)]:
        return
    first_heard = refund.status == RefundStatus.PLANNED
    refund.status, refund.try_at, refund.updated_at = refund_status(entity), None, clock.now()
    if refund_status(entity) is RefundStatus.FAILED:
        await orders.raise_attention(session, order, f"The refund of {amount} failed at the bank.")
    elif first_heard:
        await orders.note(session, order.id, "refund", f"{amount} is on its way back. {refund.reason}")
    orders.schedule_check(order, clock.now())


async def _follow(session: AsyncSession, order: Order) -> None:
    """Let the order's status say how much of its money went back."""
    payments = (await session.exec(select(Payment).where(Payment.order_id == order.id))).all()
    kept = next((payment for payment in payments if payment.purpose == Purpose.ORDER), None)
    if kept is not None:
        target = {0: OrderStatus.PAID, kept.amount: OrderStatus.REFUNDED}.get(
            kept.amount_refunded, OrderStatus.PARTIALLY_REFUNDED
        )
        words = f"{format_amount(kept.amount_refunded, kept.currency)} of the payment has been refunded."
    else:
        returned = [payment for payment in payments if payment.purpose == Purpose.RETURN]
        if not returned:
            return
        all_back = all(payment.amount_refunded == payment.amount for payment in returned)
        before = OrderStatus.CANCELLED if await orders.was_cancelled(session, order.id) else OrderStatus.EXPIRED
        target = OrderStatus.REFUNDED if all_back else before
        words = "Everything that was paid has been sent back." if all_back else "A refund did not reach the buyer."
    if order.status != target:
        await orders.move(session, order, target, words)


async def _sum(session: AsyncSession, payment_id: str, statuses: Sequence[RefundStatus]) -> int:
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.payment_id == payment_id, col(Refund.status).in_(statuses)
    )
    return int((await session.exec(query)).one())
