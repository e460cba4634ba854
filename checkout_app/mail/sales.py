"""Mails about sales: that an order is paid, to its buyer and who owns the shop, was shipped, or money was sent back.

Nothing that a buyer typed is in a mail to the buyer: who orders with somebody else's address has the shop write them
nothing of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checkout_app.accounts import people
from checkout_app.auth.models import User
from checkout_app.core import clock, database, text
from checkout_app.core.money import format_amount
from checkout_app.core.session import Session
from checkout_app.fulfilment import parcels
from checkout_app.journal.models import Event, Subject
from checkout_app.mail.letters import Letter, Row
from checkout_app.mail.service import Kind
from checkout_app.orders import links
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderEvent, OrderPayment
from checkout_app.orders.promises import terms_of
from checkout_app.payments import refunds
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import BACK_WITHIN, Cause, RefundStatus

_BUTTON: Final = "Look at the order"
_OPEN: Final = "Whoever has this link sees the order, on any device and without signing in."


@dataclass(frozen=True, slots=True)
class _Sale:
    """An order that was paid, as it is by now."""

    order: Order
    payment: Payment
    lines: Sequence[OrderLine]
    promises: tuple[str, ...]
    """What the seller promises of what comes next."""

    @property
    def amount(self) -> str:
        """What was paid."""
        return format_amount(self.payment.amount, self.payment.currency)

    @property
    def sentence(self) -> str:
        """Say what was paid, and when."""
        return f"{self.amount} was paid on {clock.format_moment(self.order.paid_at or self.payment.created_at)}."


async def buyer(event: Event) -> Sequence[str]:
    """Return the mailbox of who made the order that an event is about, if it is about one and there is one."""
    if event.subject != Subject.ORDER:
        return []
    async with database.read() as session:
        return await mailbox(session, await session.get_one(Order, event.subject_id))


async def mailbox(session: Session, order: Order) -> Sequence[str]:
    """Return the mailbox that an order was made with; nothing once its buyer was erased."""
    who = await session.get_one(User, order.buyer_id)
    return [order.email] if order.email and not who.erased else []


async def _owners(event: Event) -> Sequence[str]:
    return await people.owners() if event.subject == Subject.ORDER else []


async def _sale_of(event: Event) -> _Sale | None:
    """Return the sale that an event tells of; None when all of its money has gone back by now."""
    async with database.read() as session:
        order = await session.get_one(Order, event.subject_id)
        if order.payment_status not in {OrderPayment.PAID, OrderPayment.PARTIALLY_REFUNDED}:
            return None
        payment = await session.get_one(Payment, str(event.data["payment_id"]))
        lines, terms = await orders.lines(session, order.id), await terms_of(session, order.id)
    return _Sale(order, payment, lines, tuple(filter(None, (terms.shipping, terms.returns))))


async def _paid(event: Event, email: str) -> Letter | None:
    if email not in await buyer(event) or not (sale := await _sale_of(event)):
        return None
    return Letter(
        subject=f"Order {sale.order.number} is paid",
        paragraphs=(f"Thank you. {sale.sentence}",),
        rows=_rows(sale),
        closing=(*sale.promises, _OPEN),
        button=_BUTTON,
        link=links.page(sale.order),
    )


async def _new_order(event: Event, _email: str) -> Letter | None:
    if not (sale := await _sale_of(event)):
        return None
    order = sale.order
    buyer = f"{order.name} ({order.email})" if order.name else order.email
    firm = f", for {order.firm.name}, GSTIN {order.firm.gstin}" if order.firm else ""
    return Letter(
        subject=f"New order {order.number}: {sale.amount}",
        paragraphs=(sale.sentence,),
        rows=_rows(sale),
        closing=(f"Bought by {buyer}{firm}",),
    )


def _rows(sale: _Sale) -> tuple[Row, ...]:
    """List what was bought, and how that comes to what was paid."""
    order, payment = sale.order, sale.payment
    lines = (_row(f"{line.quantity} × {line.name}", line.amount, order) for line in sale.lines)  # noqa: RUF001 - a true multiplication sign
    added = (("Discount", -order.discount), ("Delivery", order.delivery))
    changed = (("Offer of Razorpay", -payment.offer), ("Fee of the payment", payment.customer_fee))
    return (
        *lines,
        *(_row(term, amount, order) for term, amount in added if amount),
        _row("Total", order.amount, order)._replace(total=True),
        *(_row(term, amount, order) for term, amount in (("GST included", order.tax), *changed) if amount),
    )


def _row(term: str, amount: int, order: Order) -> Row:
    sign = "−" if amount < 0 else ""  # noqa: RUF001 - a true minus sign
    return Row(term, f"{sign}{format_amount(abs(amount), order.currency)}")


async def _whose_money_went_back(event: Event) -> Sequence[str]:
    """Return the buyer's mailbox once the gateway has sent a refund on, which it does once."""
    return await buyer(event) if of_buyer(event) else []


async def _sent_back(event: Event, email: str) -> Letter | None:
    if email not in await buyer(event):
        return None
    async with database.read() as session:
        order = await session.get_one(Order, event.subject_id)
        refund = await session.get_one(Refund, str(event.data["refund_id"]))
    if refund.status != RefundStatus.PROCESSED:
        return None  # its bank did not take it after all
    amount = format_amount(refund.amount, refund.currency)
    return Letter(
        subject=f"{amount} of order {order.number} was sent back",
        paragraphs=tuple(filter(None, (_when(event, refund, amount), _why(refund), _reference(refund)))),
        closing=(_OPEN,),
        button=_BUTTON,
        link=links.page(order),
    )


def _when(event: Event, refund: Refund, amount: str) -> str:
    by = refund.created_at + BACK_WITHIN
    then = "is with you" if by >= clock.now() else "should have reached you"
    return f"{amount} was sent back on {clock.format_date(event.created_at)} and {then} by {clock.format_date(by)}."


def _why(refund: Refund) -> str:
    """Say why money went back; that it was done in the dashboard is no reason that a buyer knows anything by."""
    return "" if refund.cause == Cause.DASHBOARD else text.sentence(refunds.reason_of(refund))


def _reference(refund: Refund) -> str:
    return f"Your bank finds it by the reference {refund.bank_reference}." if refund.bank_reference else ""


async def _shipped(event: Event, email: str) -> Letter | None:
    """Say who brings what; the mail of each parcel is its own."""
    if email not in await buyer(event):
        return None
    async with database.read() as session:
        order = await session.get_one(Order, event.subject_id)
        names = {line.id: line.name for line in await orders.lines(session, order.id)}
        there = await parcels.of_order(session, order.id)
    [parcel] = [each for each in there if each.shipment.id == event.data["shipment_id"]]
    shipment = parcel.shipment
    part = "A part of order" if event.kind == OrderEvent.PARTLY_SHIPPED else "Order"
    by = f"It was shipped by {shipment.carrier} on {clock.format_date(shipment.created_at)}."
    followed = f"Its tracking number is {shipment.tracking}." if shipment.tracking else ""
    return Letter(
        subject=f"{part} {order.number} is on its way",
        paragraphs=(" ".join(filter(None, (by, followed))), "In this parcel:"),
        rows=tuple(Row(names[line_id], str(units)) for line_id, units in parcel.units.items()),
        closing=(_OPEN,),
        button=_BUTTON,
        link=links.page(order),
    )


NEW_ORDER: Final = "new_order"
_TO_BUYER: Final = (
    Kind("paid", {OrderEvent.PAID}, buyer, _paid),
    Kind("shipped", {OrderEvent.PARTLY_SHIPPED, OrderEvent.SHIPPED}, buyer, _shipped),
    Kind("refund", {OrderEvent.REFUND}, _whose_money_went_back, _sent_back),
)
KINDS: Final = (*_TO_BUYER, Kind(NEW_ORDER, {OrderEvent.PAID}, _owners, _new_order))


def of_buyer(event: Event) -> Kind | None:
    """Return the kind of mail by which the buyer is told of an event of their order; None when none tells them."""
    if event.kind == OrderEvent.REFUND and not event.data.get("sent"):
        return None
    return next((kind for kind in _TO_BUYER if event.kind in kind.follows), None)
