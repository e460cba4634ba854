"""Orders as pages show them: ready-made text, small enough for a state, only for the buyer to see."""

from dataclasses import dataclass
from datetime import timedelta

from checkout_app.checkout.views import hold_notice
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.core.settings import settings
from checkout_app.orders import links
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderStatus
from checkout_app.orders.timeline import Reader
from checkout_app.payments import refunds
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.record import Record
from checkout_app.payments.statuses import PaymentStatus, Purpose, RefundStatus

ANSWER_WITHIN = timedelta(days=2)
"""How soon the shop writes about a paid order."""
RETURN_WITHIN = timedelta(days=14)
"""How long a buyer may think about keeping it."""
BACK_WITHIN = timedelta(days=10)
"""How long a bank may take to return money of a failed payment or of a refund."""

REFUND_LABELS = {
    RefundStatus.PLANNED: "On its way",
    RefundStatus.PENDING: "On its way",
    RefundStatus.PROCESSED: "Sent back",
    RefundStatus.FAILED: "Returned by the bank; we look into it",
}

HEADLINES = {
    "paid": "Your order is paid",
    "confirming": "Your payment is being confirmed",
    "failed": "The payment did not go through",
    "unpaid": "This order is not paid yet",
    "expired": "This order has expired",
    "cancelled": "This order is cancelled",
    "refunded": "Your money is on its way back",
    "attention": "We are looking into this order",
}
"""What an order's page and its status say first, by display state; the page thanks for a paid one instead."""
TOLD_BY_GATEWAY = "Razorpay has told us about your payment."


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a receipt."""

    name: str
    href: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of the timeline."""

    at: str
    message: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money on its way back."""

    amount: str
    status: str


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The payment that paid an order; empty while there is none."""

    id: str = ""
    method: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order; the page looks different in each `display_state`, and `message` and `next` are as in its status."""

    id: str = ""
    number: str = ""
    link: str = ""
    display_state: str = ""
    headline: str = ""
    message: str = ""
    next: str = ""
    first_name: str = ""
    name: str = ""
    email: str = ""
    placed: str = ""
    amount: str = ""
    tax: str = ""
    again: str = "/"
    steps: tuple[str, ...] = ()
    lines: tuple[LineView, ...] = ()
    payment: PaymentView = PaymentView()
    refunds: tuple[RefundView, ...] = ()
    timeline: tuple[EventView, ...] = ()


def order_view(record: Record, reader: Reader) -> OrderView:
    """Describe an order for its own page, as its reader is to hear it."""
    order, state = record.order, display_state(record)
    message, then = describe(state, record)
    return OrderView(
        id=order.id,
        number=order.number,
        link=settings().public_url + links.page(order.id),
        display_state=state,
        headline=HEADLINES[state],
        message=message,
        next=then,
        first_name=order.name.split(" ")[0],
        name=order.name,
        email=order.email,
        placed=clock.format_moment(order.created_at),
        amount=format_amount(order.amount, order.currency),
        tax=format_amount(order.tax, order.currency) if order.tax else "",
        again=f"/product/{record.lines[0].slug}",
        steps=next_steps(order),
        lines=tuple(_line(line, order.currency) for line in record.lines),
        payment=_payment(record),
        refunds=tuple(_refund(refund) for refund in record.refunds),
        timeline=tuple(EventView(clock.format_moment(told.at), told.message) for told in record.timeline(reader)),
    )


def display_state(record: Record) -> str:
    """Return the state an order is shown in.

    One of paid, refunded, confirming, attention, failed (an attempt did not go through), unpaid, expired, cancelled.
    """
    order = record.order
    if order.status in {OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED}:
        return "paid"
    if record.waits and order.status != OrderStatus.REFUNDED:
        return "attention"
    if order.status != OrderStatus.CREATED:
        return order.status
    if any(_is_on_its_way(payment) for payment in record.payments):
        return "confirming"
    if order.expires_at <= clock.now():
        return "expired"
    return "failed" if any(payment.status == PaymentStatus.FAILED for payment in record.payments) else "unpaid"


def _is_on_its_way(payment: Payment) -> bool:
    taken = payment.status == PaymentStatus.CAPTURED and payment.amount_refunded < payment.amount
    return taken or payment.status == PaymentStatus.AUTHORIZED


def money_message(record: Record) -> str:
    """Say what became of the buyer's money, and nothing that is not certain."""
    if not record.payments:
        return "No money was taken." if record.asked else ""
    latest = max(payment.created_at for payment in record.payments)
    return f"If money left your account, it comes back by {clock.format_date(latest + BACK_WITHIN)}."


def refund_message(record: Record) -> str:
    """Say why money goes back, and by when it is there."""
    return " ".join(f"{refunds.reason_of(refund)} {_refund_status(refund)}." for refund in record.refunds)


def next_steps(order: Order) -> tuple[str, ...]:
    """Say what happens after an order was paid, with dates."""
    if order.paid_at is None:
        return ()
    answer_by, return_by = (clock.format_date(order.paid_at + after) for after in (ANSWER_WITHIN, RETURN_WITHIN))
    return (
        f"We write to {order.email} by {answer_by} about how it reaches you.",
        f"You can send it back until {return_by}; the money returns the way it came.",
        "This receipt stays under My orders.",
    )


def describe(state: str, record: Record) -> tuple[str, str]:
    """Say what became of the money and what comes next; the page and the status over HTTP say the same."""
    order = record.order
    match state:
        case "paid":
            return f"{format_amount(order.amount, order.currency)} is paid.", " ".join(next_steps(order)[:1])
        case "confirming":
            known = f"{TOLD_BY_GATEWAY} It is safe to close this page."
            return known, f"We keep asking until the bank has answered. {money_message(record)}"
        case "failed" | "unpaid":
            return money_message(record), hold_notice(order)
        case "refunded":
            return refund_message(record), ""
        case "attention":
            person = f"A person checks it and writes to {order.email}."
            return "Your money is either this order's or comes back to you.", person
        case _:
            return money_message(record), "You can order it again."


def _line(line: OrderLine, currency: str) -> LineView:
    return LineView(
        name=line.name,
        href=f"/product/{line.slug}",
        quantity=str(line.quantity),
        amount=format_amount(line.amount, currency),
    )


def _payment(record: Record) -> PaymentView:
    for payment in record.payments:
        if payment.purpose == Purpose.ORDER:
            paid_at = record.order.paid_at or payment.created_at
            method = payment.method_detail or payment.method
            return PaymentView(id=payment.id, method=method, at=clock.format_moment(paid_at))
    return PaymentView()


def _refund(refund: Refund) -> RefundView:
    return RefundView(amount=format_amount(refund.amount, refund.currency), status=_refund_status(refund))


def _refund_status(refund: Refund) -> str:
    label = REFUND_LABELS[RefundStatus(refund.status)]
    if refund.status == RefundStatus.FAILED:
        return label
    return f"{label}, with you by {clock.format_date(refund.created_at + BACK_WITHIN)}"
