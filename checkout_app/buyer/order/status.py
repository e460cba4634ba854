"""Where is my money: the truth about an order in a few sentences, for a page without a live connection."""

from pydantic import BaseModel

from checkout_app.buyer.order.views import HEADLINES, describe, display_state
from checkout_app.payments.record import Record


class OrderStatusBody(BaseModel):
    """What we know, what happens next, and whether that is final; `state` as in `views.display_state`."""

    number: str
    state: str
    headline: str
    message: str
    next: str
    final: bool


def order_status(record: Record) -> OrderStatusBody:
    """Describe where an order's money is."""
    state = display_state(record)
    message, then = describe(state, record)
    return OrderStatusBody(
        number=record.order.number,
        state=state,
        headline=HEADLINES[state],
        message=message,
        next=then,
        final=state not in {"confirming", "failed", "unpaid"},
    )
