"""Where is my money: the truth about an order in a few sentences, for a page without a live connection."""

from pydantic import BaseModel

from checkout_app.buyer.order.views import display_state, money_message, next_steps, refund_message
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.payments.record import Record


class OrderStatusBody(BaseModel):
    """What we know, what happens next, and whether that is final; `state` as in `views.display_state`."""

    number: str
    state: str
    headline: str
    message: str
    next: str
    final: bool


_HEADLINES = {
    "paid": "Your order is paid",
    "confirming": "Your payment is being confirmed",
    "failed": "The payment did not go through",
    "unpaid": "This order is not paid yet",
    "expired": "This order has expired",
    "cancelled": "This order is cancelled",
    "refunded": "Your money is on its way back",
    "attention": "We are looking into this order",
}


def order_status(record: Record) -> OrderStatusBody:
    """Describe where an order's money is."""
    state = display_state(record)
    message, then = _describe(state, record)
    return OrderStatusBody(
        number=record.order.number,
        state=state,
        headline=_HEADLINES[state],
        message=message,
        next=then,
        final=state not in {"confirming", "failed", "unpaid"},
    )


def _describe(state: str, record: Record) -> tuple[str, str]:
    order = record.order
    match state:
        case "paid":
            return f"{format_amount(order.amount, order.currency)} is paid.", next_steps(order)[0]
        case "confirming":
            known = "Razorpay has told us about your payment. It is safe to close this page."
            return known, f"We keep asking until the bank has answered. {money_message(record)}"
        case "failed" | "unpaid":
            return money_message(record), f"Your items are kept until {clock.format_time(order.expires_at)}."
        case "refunded":
            return refund_message(record), ""
        case "attention":
            then = f"A person checks it and writes to {order.email}."
            return "Your money is either this order's or comes back to you.", then
        case _:
            return money_message(record), "You can order it again."
