"""The books: rules that hold at every moment, as code, and the comparison with the gateway paisa by paisa.

The shop watches the rules every minute; `python -m checkout_app.cli check` also compares with the gateway.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.catalog.models import Product
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order, OrderLine, OrderStatus, Stock
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.models import GatewayOrder, Payment, Receipt, Refund
from checkout_app.payments.statuses import PaymentStatus, Purpose, RefundStatus, payment_status

log = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)
"""A captured payment that no webhook announced within this time means that webhooks do not reach us.

Together with the time the reconciler and the watch take, that is an alarm within five minutes.
"""
_REMEMBERED = timedelta(days=1)
_RETURNING = (RefundStatus.PLANNED, RefundStatus.PENDING, RefundStatus.PROCESSED)
_RETURNED = (RefundStatus.PENDING, RefundStatus.PROCESSED)


@dataclass(frozen=True, slots=True)
class Break:
    """A rule that does not hold: its name, what it is about, and the figures."""

    rule: str
    subject: str
    words: str


_watched: list[Break] = []


def last_watched() -> list[Break]:
    """Return what the last watch of this process found, for the health endpoint."""
    return list(_watched)


async def watch() -> None:
    """Look over the rules and whether webhooks reach us; log what does not hold and remember it for `last_watched`."""
    async with database.read() as session:
        found = await check_rules(session) + await unannounced(session)
    for broken in found:
        log.error("The books: %s, %s: %s", broken.rule, broken.subject, broken.words)
    _watched[:] = found


async def check_rules(session: AsyncSession) -> list[Break]:
    """Return every break of every rule; an empty list says the books are right."""
    rules: list[Callable[[AsyncSession], Awaitable[Iterable[Break]]]] = [
        _held_stock_adds_up,
        _paid_orders_have_their_payment,
        _captured_money_has_a_purpose,
        _money_that_pays_no_order_goes_back,
        _refunds_add_up,
    ]
    return [broken for rule in rules for broken in await rule(session)]


async def _held_stock_adds_up(session: AsyncSession) -> list[Break]:
    """What the shelf holds back is exactly what unpaid orders were promised."""
    promised = (
        select(OrderLine.product_id, func.sum(OrderLine.quantity))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(Order.stock == Stock.HELD)
        .group_by(col(OrderLine.product_id))
    )
    sums: dict[str, int] = dict((await session.exec(promised)).all())
    products = (await session.exec(select(Product.id, Product.held))).all()
    return [
        Break("held stock adds up", product_id, f"{held} held, {sums.get(product_id, 0)} promised")
        for product_id, held in products
        if held != sums.get(product_id, 0)
    ]


async def _paid_orders_have_their_payment(session: AsyncSession) -> list[Break]:
    """An order that was paid has one receipt, for one captured payment of its exact amount, and its stock is sold."""
    query = (
        select(Order, Receipt, Payment)
        .join(Receipt, col(Receipt.order_id) == col(Order.id), isouter=True)
        .join(Payment, col(Payment.id) == col(Receipt.payment_id), isouter=True)
        .where(col(Order.paid_at).is_not(None) | col(Receipt.order_id).is_not(None))
    )
    breaks = []
    for order, receipt, payment in (await session.exec(query)).all():
        fits = (
            receipt is not None
            and payment is not None
            and order.paid_at is not None
            and payment.purpose == Purpose.ORDER
            and payment.status == PaymentStatus.CAPTURED
            and (payment.amount, payment.currency) == (order.amount, order.currency)
            and order.stock == Stock.SOLD
        )
        if not fits:
            breaks.append(
                Break("paid orders have their payment", order.id, f"{order.status}, {order.stock}, {payment}")
            )
    return breaks


async def _captured_money_has_a_purpose(session: AsyncSession) -> list[Break]:
    """Captured money pays an order, one payment each, or it is known to be going back or waiting for a person."""
    captured = (await session.exec(select(Payment).where(Payment.status == PaymentStatus.CAPTURED))).all()
    per_order = Counter(payment.order_id for payment in captured if payment.purpose == Purpose.ORDER)
    breaks = [Break("one payment an order", order_id, f"{n} payments") for order_id, n in per_order.items() if n > 1]
    without = (payment for payment in captured if payment.purpose == Purpose.NONE)
    return breaks + [Break("captured money has a purpose", payment.id, f"{payment.amount}") for payment in without]


async def _money_that_pays_no_order_goes_back(session: AsyncSession) -> list[Break]:
    """Money that pays no order is refunded in full, or waits for a person who has been told."""
    sums = await _refund_sums(session, _RETURNING)
    query = select(Payment, Order).join(Order, col(Order.id) == col(Payment.order_id))
    rows = (await session.exec(query.where(col(Payment.purpose).in_((Purpose.RETURN, Purpose.ATTENTION))))).all()
    return [
        Break("money that pays no order goes back", payment.id, f"{sums[payment.id]} of {payment.amount} is on its way")
        for payment, order in rows
        if sums[payment.id] != payment.amount and order.attention is None
    ]


async def _refunds_add_up(session: AsyncSession) -> list[Break]:
    """What a payment says was refunded is the sum of its refunds, and its order's status says the same."""
    sums = await _refund_sums(session, _RETURNED)
    query = select(Payment, Order).join(Order, col(Order.id) == col(Payment.order_id))
    breaks = []
    for payment, order in (await session.exec(query)).all():
        refunded = sums[payment.id]
        if payment.amount_refunded != refunded:
            words = f"says {payment.amount_refunded}, the refunds add up to {refunded}"
            breaks.append(Break("refunds add up", payment.id, words))
        if payment.purpose == Purpose.ORDER and order.status != _status_after(refunded, payment.amount):
            breaks.append(Break("the order follows its refunds", order.id, f"{order.status}, {refunded} refunded"))
    return breaks


def _status_after(refunded: int, amount: int) -> OrderStatus:
    return {0: OrderStatus.PAID, amount: OrderStatus.REFUNDED}.get(refunded, OrderStatus.PARTIALLY_REFUNDED)


async def _refund_sums(session: AsyncSession, statuses: Iterable[RefundStatus]) -> dict[str, int]:
    query = (
        select(Refund.payment_id, func.sum(Refund.amount))
        .where(col(Refund.status).in_(list(statuses)))
        .group_by(col(Refund.payment_id))
    )
    return defaultdict(int, dict((await session.exec(query)).all()))


async def unannounced(session: AsyncSession) -> list[Break]:
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
    return [Break("webhooks reach us", payment_id, f"captured {at:%H:%M} UTC, no webhook") for payment_id, at in rows]


async def compare_with_gateway() -> list[Break]:
    """Compare every payment at the gateway with ours, in both directions; raises RazorpayError."""
    async with database.read() as session:
        ours = {payment.id: payment for payment in (await session.exec(select(Payment))).all()}
        known_orders = set((await session.exec(select(GatewayOrder.id))).all())
    breaks: list[Break] = []
    seen: Counter[str] = Counter()
    async for page in gateway().pages(gateway().payment.all, {}):
        seen.update(str(item.get("id")) for item in page)
        for theirs in (PaymentEntity.read(item) for item in page if item.get("order_id") in known_orders):
            breaks += _differences(theirs, ours.get(theirs.id))
    breaks += [Break("duplicate", payment_id, f"listed {n} times") for payment_id, n in seen.items() if n > 1]
    captured = (payment for payment in ours.values() if payment.status == PaymentStatus.CAPTURED)
    breaks += [Break("conflicting", row.id, "captured here, unknown there") for row in captured if row.id not in seen]
    return breaks


def _differences(theirs: PaymentEntity, ours: Payment | None) -> list[Break]:
    took_money = payment_status(theirs) is PaymentStatus.CAPTURED
    if ours is None:
        return [Break("missing", theirs.id, f"captured {theirs.amount} there, unknown here")] if took_money else []
    if ours.gateway_order_id != theirs.order_id:
        return [Break("conflicting", theirs.id, f"of {ours.gateway_order_id} here, of {theirs.order_id} there")]
    pairs = {
        "amount": (ours.amount, theirs.amount),
        "currency": (ours.currency, theirs.currency),
        "captured": (ours.status == PaymentStatus.CAPTURED, took_money),
        "refunded": (ours.amount_refunded, theirs.amount_refunded),
    }
    return [
        Break("mismatch", theirs.id, f"{name} is {mine} here, {their} there")
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
