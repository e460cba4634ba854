"""Where is my money: the truth about an order in a few sentences, for a page without a live connection."""

from pydantic import BaseModel

from checkout_app.buyer.order.views import describe, display_state, headline
from checkout_app.orders.timeline import Reader
from checkout_app.payments.record import Record


class OrderStatusBody(BaseModel):
    """What we know, what happens next, and whether that is final; `state` is one of `standing.STANDINGS`."""

    number: str
    state: str
    headline: str
    message: str
    next: str
    final: bool


def order_status(record: Record, reader: Reader) -> OrderStatusBody:
    """Describe where an order's money is, as its reader is to hear it."""
    state = display_state(record)
    message, then = describe(state, record, reader)
    return OrderStatusBody(
        number=record.order.number,
        state=state,
        headline=headline(state, record, reader),
        message=message,
        next=then,
        final=state not in {"confirming", "failed", "unpaid"},
    )
