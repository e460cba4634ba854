"""Checks of the books: rules that hold at every moment, as code, and the comparison with the gateway paisa by paisa.

The shop watches the rules every minute; `python -m checkout_app.cli check` also compares with the gateway.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.catalog.models import Variant
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import OrderPayment
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity, id_in
from checkout_app.payments.gateway.errors import Garbled
from checkout_app.payments.models import GatewayOrder, Payment, PaymentAllocation, Refund
from checkout_app.payments.statuses import ACCEPTED, LIVE, PaymentStatus, Purpose, RefundStatus, payment_status

log = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)
"""A captured payment that no webhook announced within this time means that webhooks do not reach us.

Together with the time the reconciler and the watch take, that is an alarm within five minutes.
"""
_REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold: its name, what it is about, and the figures."""

    rule: str
    subject: str
    detail: str


class Watch:
    """Looks over the books now and then, and remembers what this process found last, for the health endpoint."""

    def __init__(self) -> None:
        self.found: list[Violation] = []

    async def look(self) -> None:
        """Look over the rules and whether webhooks reach us; log what does not hold."""
        async with database.read() as session:
            self.found = await check_rules(session) + await unannounced(session)
        for violation in self.found:
            log.error("The books: %s, %s: %s", violation.rule, violation.subject, violation.detail)


WATCH = Watch()


async def check_rules(session: AsyncSession) -> list[Violation]:
    """Return every violation of every rule; an empty list says the books are right."""
    rules: list[Callable[[AsyncSession], Awaitable[Iterable[Violation]]]] = [
        _held_stock_adds_up,
        _paid_orders_have_their_payment,
        _captured_money_has_a_purpose,
        _money_that_pays_no_order_goes_back,
        _refunds_add_up,
    ]
    return [violation for rule in rules for violation in await rule(session)]


async def _held_stock_adds_up(session: AsyncSession) -> list[Violation]:
    """Find variants of which other units are held than unpaid orders were promised."""
    promised = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(Order.stock == Stock.HELD)
        .group_by(col(OrderLine.variant_id))
    )
    sums: dict[str, int] = dict((await session.exec(promised)).all())
    variants = (await session.exec(select(Variant.id, Variant.held))).all()
    return [
        Violation("held stock adds up", variant_id, f"{held} held, {sums.get(variant_id, 0)} promised")
        for variant_id, held in variants
        if held != sums.get(variant_id, 0)
    ]


async def _paid_orders_have_their_payment(session: AsyncSession) -> list[Violation]:
    """Find paid orders without one captured payment of their exact amount, or whose stock was not sold."""
    query = (
        select(Order, PaymentAllocation, Payment)
        .join(PaymentAllocation, col(PaymentAllocation.order_id) == col(Order.id), isouter=True)
        .join(Payment, col(Payment.id) == col(PaymentAllocation.payment_id), isouter=True)
        .where(col(Order.paid_at).is_not(None) | col(PaymentAllocation.order_id).is_not(None))
    )
    found = []
    for order, allocation, payment in (await session.exec(query)).all():
        fits = (
            allocation is not None
            and payment is not None
            and order.paid_at is not None
            and payment.purpose == Purpose.ORDER
            and payment.status == PaymentStatus.CAPTURED
            and (payment.amount, payment.currency) == (order.amount, order.currency)
            and order.stock in {Stock.SOLD, Stock.RESTOCKED}
        )
        if not fits:
            found.append(
                Violation("paid orders have their payment", order.id, f"{order.status}, {order.stock}, {payment}")
            )
    return found


async def _captured_money_has_a_purpose(session: AsyncSession) -> list[Violation]:
    """Find captured money that nobody has decided about, and orders that two payments pay."""
    captured = (await session.exec(select(Payment).where(Payment.status == PaymentStatus.CAPTURED))).all()
    per_order = Counter(payment.order_id for payment in captured if payment.purpose == Purpose.ORDER)
    found = [Violation("one payment an order", order_id, f"{n} payments") for order_id, n in per_order.items() if n > 1]
    without = (payment for payment in captured if payment.purpose == Purpose.NONE)
    return found + [Violation("captured money has a purpose", payment.id, f"{payment.amount}") for payment in without]


async def _money_that_pays_no_order_goes_back(session: AsyncSession) -> list[Violation]:
    """Find money that pays no order, is not refunded in full, and of which no person has been told."""
    sums = await _refund_sums(session, LIVE)
    query = select(Payment).where(col(Payment.purpose).in_((Purpose.RETURN, Purpose.ATTENTION)))
    elsewhere = [payment for payment in (await session.exec(query)).all() if sums[payment.id] != payment.amount]
    told = await orders.waiting(session, [payment.order_id for payment in elsewhere])
    return [
        Violation(
            "money that pays no order goes back", payment.id, f"{sums[payment.id]} of {payment.amount} is on its way"
        )
        for payment in elsewhere
        if payment.order_id not in told
    ]


async def _refunds_add_up(session: AsyncSession) -> list[Violation]:
    """Find payments whose refunds do not add up, and orders that say otherwise than their refunds."""
    sums = await _refund_sums(session, ACCEPTED)
    query = select(Payment, Order).join(Order, col(Order.id) == col(Payment.order_id))
    found = []
    for payment, order in (await session.exec(query)).all():
        refunded = sums[payment.id]
        if payment.amount_refunded != refunded:
            detail = f"says {payment.amount_refunded}, the refunds add up to {refunded}"
            found.append(Violation("refunds add up", payment.id, detail))
        if payment.purpose == Purpose.ORDER and order.payment_status != _status_after(refunded, payment.amount):
            found.append(
                Violation("the order follows its refunds", order.id, f"{order.payment_status}, {refunded} refunded")
            )
    return found


def _status_after(refunded: int, amount: int) -> OrderPayment:
    return {0: OrderPayment.PAID, amount: OrderPayment.REFUNDED}.get(refunded, OrderPayment.PARTIALLY_REFUNDED)


async def _refund_sums(session: AsyncSession, statuses: Iterable[RefundStatus]) -> dict[str, int]:
    query = (
        select(Refund.payment_id, func.sum(Refund.amount))
        .where(col(Refund.status).in_(list(statuses)))
        .group_by(col(Refund.payment_id))
    )
    return defaultdict(int, dict((await session.exec(query)).all()))


async def unannounced(session: AsyncSession) -> list[Violation]:
    """Return the recent payments the gateway knew and no webhook told us of."""
    if not settings().razorpay_webhook_secret:
        return []
    now = clock.now()
    query = select(Payment.id, Payment.captured_at).where(
        col(Payment.captured_at) < now - SILENCE,
        col(Payment.captured_at) > now - _REMEMBERED,
        col(Payment.announced_at).is_(None),
    )
    rows = (await session.exec(query)).all()
    return [
        Violation("webhooks reach us", payment_id, f"captured {at:%H:%M} UTC, no webhook") for payment_id, at in rows
    ]


async def compare_with_gateway() -> list[Violation]:
    """Compare every payment at the gateway with ours, in both directions; raises RazorpayError."""
    async with database.read() as session:
        ours = {payment.id: payment for payment in (await session.exec(select(Payment))).all()}
        known_orders = set((await session.exec(select(GatewayOrder.id))).all())
    found: list[Violation] = []
    seen: Counter[str] = Counter()
    async for page in gateway().pages(gateway().payment.all, {}):
        seen.update(str(item.get("id")) for item in page)
        for item in page:
            if id_in(item, "order_id") in known_orders or id_in(item, "id") in ours:
                found += _compare(item, ours)
    found += [Violation("duplicate", payment_id, f"listed {n} times") for payment_id, n in seen.items() if n > 1]
    captured = (payment for payment in ours.values() if payment.status == PaymentStatus.CAPTURED)
    found += [
        Violation("conflicting", row.id, "captured here, unknown there") for row in captured if row.id not in seen
    ]
    return found


def _compare(item: dict[str, Any], ours: Mapping[str, Payment]) -> list[Violation]:
    """Compare one of the gateway's payments with ours; one that can't be understood is named and stops no other."""
    try:
        theirs = PaymentEntity.read(item)
    except Garbled as garbled:
        return [Violation("unreadable", str(item.get("id")), str(garbled))]
    return _differences(theirs, ours.get(theirs.id))


def _differences(theirs: PaymentEntity, ours: Payment | None) -> list[Violation]:
    took_money = payment_status(theirs) is PaymentStatus.CAPTURED
    if ours is None:
        return [Violation("missing", theirs.id, f"captured {theirs.amount} there, unknown here")] if took_money else []
    if ours.gateway_order_id != theirs.order_id:
        return [Violation("conflicting", theirs.id, f"of {ours.gateway_order_id} here, of {theirs.order_id} there")]
    pairs = {
        "amount": (ours.amount, theirs.amount),
        "currency": (ours.currency, theirs.currency),
        "captured": (ours.status == PaymentStatus.CAPTURED, took_money),
        "refunded": (ours.amount_refunded, theirs.amount_refunded),
    }
    return [
        Violation("mismatch", theirs.id, f"{name} is {mine} here, {their} there")
        for name, (mine, their) in pairs.items()
        if mine != their
    ]


async def ledger(session: AsyncSession) -> dict[str, int]:
    """Return the captured money by its purpose, in minor units; the parts add up to `captured`."""
    query = (
        select(Payment.purpose, func.sum(Payment.amount))
        .where(Payment.status == PaymentStatus.CAPTURED)
        .group_by(col(Payment.purpose))
    )
    parts: dict[str, int] = {purpose: int(amount) for purpose, amount in (await session.exec(query)).all()}
    return {"captured": sum(parts.values()), **{purpose: parts.get(purpose, 0) for purpose in Purpose}}
