"""How an order moves: three questions, each with a column of its own, and for every event the moves it may make.

An order that is asked to make any other move stays as it is. `api_status` folds the first two answers into the one word
that the API has always given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class OrderState(StrEnum):
    """Is the order alive? Completed is one that was shipped and of which nothing is owed any more."""

    OPEN = "open"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class OrderPayment(StrEnum):
    """Is it paid? Refunded is also an order whose money came too late and went back."""

    UNPAID = "unpaid"
    CONFIRMING = "confirming"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


class Fulfilment(StrEnum):
    """Does the buyer have it? Files and services are delivered when they are handed over."""

    UNFULFILLED = "unfulfilled"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"


class OrderStatus(StrEnum):
    """Where an order stands, in the API's one word."""

    CREATED = "created"
    CONFIRMING = "confirming"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OrderEvent(StrEnum):
    """What happens to an order. Those in `MOVES` and `HANDLINGS` move it, the others are only told."""

    CREATED = "created"
    CONFIRMING = "confirming"
    REOPENED = "reopened"
    PAID = "paid"
    EXPIRED = "expired"
    SOLD_OUT = "sold_out"
    CANCELLED = "cancelled"
    TEST_CLOSED = "test_closed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    RETURNED = "returned"
    RETURN_FAILED = "return_failed"
    PAYMENT_FAILED = "payment_failed"
    RETURNING = "returning"
    REFUND = "refund"
    OUTSIDE = "outside"
    """Money went back by another way than the gateway's."""
    RESTOCKED = "restocked"
    DISPUTE = "dispute"
    RECOVERED = "recovered"
    LINKS_ENDED = "links_ended"
    DOWNLOADED = "downloaded"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"
    PARTLY_CAME_BACK = "partly_came_back"
    CAME_BACK = "came_back"
    NOTED = "noted"
    READDRESSED = "readdressed"
    MAILED = "mailed"


Place = tuple[OrderState, OrderPayment]
"""The answers to the first two questions."""

_OPEN, _EXPIRED, _CANCELLED, _COMPLETED = OrderState
_UNPAID, _CONFIRMING, _PAID, _PARTLY, _REFUNDED = OrderPayment


@dataclass(frozen=True, slots=True)
class Move:
    """From where an event moves an order, and to where; None leaves the state what it is."""

    sources: frozenset[Place]
    state: OrderState | None
    payment: OrderPayment


def _move(*sources: Place, to: tuple[OrderState | None, OrderPayment]) -> Move:
    return Move(frozenset(sources), *to)


def _kept(*payments: OrderPayment) -> list[Place]:
    """List the places of an order that keeps the money that paid it."""
    return [(state, payment) for state in (_OPEN, _COMPLETED) for payment in payments]


MOVES: Mapping[OrderEvent, Move] = {
    # A bank may agree after the hold lapsed: the order waits for that money, and stays expired until it is there.
    OrderEvent.CONFIRMING: _move((_OPEN, _UNPAID), (_EXPIRED, _UNPAID), to=(None, _CONFIRMING)),
    # The payment that was waited for failed after all: the buyer may try again.
    OrderEvent.REOPENED: _move((_OPEN, _CONFIRMING), (_EXPIRED, _CONFIRMING), to=(None, _UNPAID)),
    # Money that comes late is honoured while the shelf allows, also when earlier money of the order went back.
    OrderEvent.PAID: _move(
        (_OPEN, _UNPAID),
        (_OPEN, _CONFIRMING),
        (_EXPIRED, _UNPAID),
        (_EXPIRED, _CONFIRMING),
        (_EXPIRED, _REFUNDED),
        to=(_OPEN, _PAID),
    ),
    OrderEvent.EXPIRED: _move((_OPEN, _UNPAID), to=(_EXPIRED, _UNPAID)),
    OrderEvent.SOLD_OUT: _move((_OPEN, _UNPAID), (_OPEN, _CONFIRMING), (_EXPIRED, _CONFIRMING), to=(_EXPIRED, _UNPAID)),
    OrderEvent.CANCELLED: _move((_OPEN, _UNPAID), to=(_CANCELLED, _UNPAID)),
    # The shop went live: nobody can tell any more what becomes of a payment in test mode, and no money moved.
    OrderEvent.TEST_CLOSED: _move(
        (_OPEN, _UNPAID), (_OPEN, _CONFIRMING), (_EXPIRED, _CONFIRMING), to=(_CANCELLED, _UNPAID)
    ),
    OrderEvent.PARTIALLY_REFUNDED: _move(*_kept(_PAID, _REFUNDED), to=(None, _PARTLY)),
    OrderEvent.REFUNDED: _move(*_kept(_PAID, _PARTLY), to=(None, _REFUNDED)),
    # The bank sent a refund back: the money is the shop's again until the refund is repeated.
    OrderEvent.REFUND_FAILED: _move(*_kept(_PARTLY, _REFUNDED), to=(None, _PAID)),
    # Money that came too late, or for a cancelled order, is with the buyer again.
    OrderEvent.RETURNED: _move((_EXPIRED, _UNPAID), (_CANCELLED, _UNPAID), to=(None, _REFUNDED)),
    OrderEvent.RETURN_FAILED: _move((_EXPIRED, _REFUNDED), (_CANCELLED, _REFUNDED), to=(None, _UNPAID)),
}
"""For each event that moves an order, from where and to where. Nothing else ever happens to one."""


@dataclass(frozen=True, slots=True)
class Handling:
    """From where an event moves what the buyer has of an order, and to where."""

    sources: frozenset[Fulfilment]
    to: Fulfilment


_UNFULFILLED, _PARTLY_SHIPPED, _SHIPPED, _DELIVERED, _BACK = Fulfilment

HANDLINGS: Mapping[OrderEvent, Handling] = {
    OrderEvent.PARTLY_SHIPPED: Handling(frozenset({_UNFULFILLED, _PARTLY_SHIPPED}), _PARTLY_SHIPPED),
    OrderEvent.SHIPPED: Handling(frozenset({_UNFULFILLED, _PARTLY_SHIPPED}), _SHIPPED),
    # What was not shipped may have been refunded since: nothing is left to ship of an order that says partly shipped.
    OrderEvent.DELIVERED: Handling(frozenset({_PARTLY_SHIPPED, _SHIPPED}), _DELIVERED),
    OrderEvent.CAME_BACK: Handling(frozenset({_PARTLY_SHIPPED, _SHIPPED, _DELIVERED}), _BACK),
}
"""For each event that moves what the buyer has, from where and to where: the third column, and nothing but that."""

PAID = frozenset({OrderPayment.PAID, OrderPayment.PARTIALLY_REFUNDED})
"""Of an order whose money the shop has, all of it or what is left."""

_UNPAID_WORDS: Mapping[OrderState, OrderStatus] = {
    OrderState.OPEN: OrderStatus.CREATED,
    OrderState.EXPIRED: OrderStatus.EXPIRED,
    OrderState.CANCELLED: OrderStatus.CANCELLED,
}


@cache
def api_status(state: str, payment: str) -> OrderStatus:
    """Return the API's one word for where an order stands."""
    if payment == OrderPayment.UNPAID:
        return _UNPAID_WORDS[OrderState(state)]
    return OrderStatus(payment)
