"""What is known about an order's money, and giving it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlmodel import bindparam, col, select

from checkout_app.auth.errors import FactorWanted
from checkout_app.core import database
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP, Actor
from checkout_app.journal.models import Data, Subject
from checkout_app.orders.models import Order
from checkout_app.payments import gateway_orders, refund_parts, refunds, settle
from checkout_app.payments.errors import PaymentNotFound, RefundRefused
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.looks import Looks
from checkout_app.payments.models import Dispute, Payment, Refund
from checkout_app.payments.refund_parts import Parts, Remainder
from checkout_app.payments.statuses import PaymentStatus

ASKED: Final = "asked"
"""What the journal calls it that somebody decided a refund."""

log = structlog.stdlib.get_logger(__name__)

_PAYMENTS = Statement[Payment](
    select(Payment)
    .where(col(Payment.order_id).in_(bindparam("orders", expanding=True)))
    .order_by(col(Payment.created_at))
)
_REFUNDS = Statement[Refund](
    select(Refund).where(col(Refund.order_id).in_(bindparam("orders", expanding=True))).order_by(col(Refund.created_at))
)
_DISPUTES = Statement[Dispute](
    select(Dispute).where(Dispute.order_id == bindparam("order")).order_by(col(Dispute.created_at))
)


@dataclass(frozen=True, slots=True)
class Refundable:
    """What can go back of a payment: so much in all, in minor units, and what is left of its order's parts."""

    payment: Payment
    left: int
    parts: Remainder


async def payments_of(session: Session, order_id: str) -> Sequence[Payment]:
    """Return the attempts to pay an order, oldest first."""
    return (await payments_of_orders(session, [order_id]))[order_id]


async def payments_of_orders(session: Session, order_ids: Sequence[str]) -> Mapping[str, Sequence[Payment]]:
    """Return the attempts to pay several orders at once, by order, oldest first."""
    found: dict[str, list[Payment]] = {order_id: [] for order_id in order_ids}
    for payment in await session.exec(_PAYMENTS, orders=list(order_ids)):
        found[payment.order_id].append(payment)
    return found


async def refunds_of(session: Session, order_id: str) -> Sequence[Refund]:
    """Return the refunds of an order's payments, oldest first."""
    return (await refunds_of_orders(session, [order_id]))[order_id]


async def refunds_of_orders(session: Session, order_ids: Sequence[str]) -> Mapping[str, Sequence[Refund]]:
    """Return the refunds of several orders' payments at once, by order, oldest first."""
    found: dict[str, list[Refund]] = {order_id: [] for order_id in order_ids}
    for refund in await session.exec(_REFUNDS, orders=list(order_ids)):
        found[refund.order_id].append(refund)
    return found


async def disputes_of(session: Session, order_id: str) -> Sequence[Dispute]:
    """Return the disputes about an order's payments, oldest first."""
    return (await session.exec(_DISPUTES, order=order_id)).all()


async def ask_gateway(order_id: str, *, anew: bool = False) -> bool:
    """Settle what the gateway knows of an order, for somebody who looks at it; returns whether it told everything.

    However many look, the gateway is asked once in a while; `anew` is for who acts on what it says from now on. Whoever
    reads the books never gets an error because the gateway is odd.
    """
    return await (_LOOKS.from_now_on if anew else _LOOKS.lately)(order_id)


async def _look(order_id: str) -> bool:
    try:
        unreadable = await settle.refresh(order_id)
    except RazorpayError as failure:
        log.warning("gateway does not answer", order_id=order_id, failure=str(failure))
        return False
    for found in unreadable:
        log.warning("gateway does not tell", order_id=order_id, about=found.subject, detail=found.detail)
    return not unreadable


_LOOKS: Final = Looks(_look)


async def refundable(payment_id: str) -> Refundable:
    """Say what can go back of a payment; raises PaymentNotFound."""
    async with database.read() as session:
        payment = await session.get(Payment, payment_id)
        if payment is None:
            raise PaymentNotFound
        return await refundable_of(session, payment)


async def refundable_of(session: Session, payment: Payment) -> Refundable:
    """Say what can go back of a payment that somebody has read."""
    left = await refunds.left(session, payment) if payment.status == PaymentStatus.CAPTURED else 0
    return Refundable(payment, max(left, 0), await refund_parts.remainder(session, payment))


async def refund(
    payment_id: str,
    amount: int | None = None,
    *,
    reason: str,
    request_key: str,
    of: Parts | None = None,
    restock: bool = True,
    by: Actor = SHOP,
    most: int | None = None,
) -> Refund:
    """Give `amount` minor units of a payment back, or all that is left; the same key again answers the same refund.

    Instead of an amount it may be said what parts of the order it is `of`, which are worth what was paid for them.
    Unless `restock` is False the units go back on the shelf when all of the order's money is back before anything was
    shipped. Raises PaymentNotFound, InvalidInput for a part that there is not, RefundRefused when less is left or the
    payment is another account's, and FactorWanted when more than `most` of the payment would be given back in all, in
    however many parts. When Razorpay does not answer, the refund is planned and carried out later.
    """
    async with database.write() as session:
        payment = await session.get(Payment, payment_id)
        if payment is None:
            raise PaymentNotFound
        await database.lock(session, Order, [payment.order_id])
        await session.refresh(payment)
        if payment.status != PaymentStatus.CAPTURED:
            raise RefundRefused("Only captured payments can be refunded.")
        if not_ours := await gateway_orders.why_not_ours(session, payment_id):
            raise RefundRefused(not_ours)
        again = await refunds.asked_before(session, payment, request_key)
        planned = await refunds.plan(
            session, payment, amount, of=of, reason=reason, request_key=request_key, restock=restock
        )
        if again is None:
            if most is not None and payment.refundable - await refunds.left(session, payment) > most:
                raise FactorWanted
            about: Data = {"order_id": planned.order_id, "amount": planned.amount, "currency": planned.currency}
            await journal.record(session, Subject.REFUND, planned.id, ASKED, by, **about)
    log.info(
        "refund planned", order_id=planned.order_id, refund_id=planned.id, payment_id=payment_id, amount=planned.amount
    )
    await refunds.carry_out_due(planned.order_id)
    async with database.ask() as session:
        return await session.get_one(Refund, planned.id)
