"""Where an order stands, decided once for its page, its status over HTTP and the list of orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from checkout_app.core import clock
from checkout_app.orders.moves import OrderStatus


class Standing(NamedTuple):
    """How a place in which an order stands is shown: in the list, and as the headline of its page."""

    label: str
    tone: str
    headline: str
    """`{your}` is the buyer's: `order.wording`."""


STANDINGS: Mapping[str, Standing] = {
    "paid": Standing("Paid", "success", "This order is paid"),
    "partially_refunded": Standing("Partly refunded", "neutral", "Part of {your} money is on its way back"),
    "refunded": Standing("Refunded", "neutral", "{your} money is on its way back"),
    "confirming": Standing("Confirming", "info", "{your} payment is being confirmed"),
    "attention": Standing("Being checked", "info", "We are looking into this order"),
    "failed": Standing("Not paid", "warning", "The payment did not go through"),
    "unpaid": Standing("Not paid", "warning", "This order is not paid yet"),
    "expired": Standing("Expired", "neutral", "This order has expired"),
    "cancelled": Standing("Cancelled", "neutral", "This order is cancelled"),
}


class Placed(Protocol):
    """What has to be known of an order to say where it stands."""

    @property
    def status(self) -> OrderStatus:
        """The API's one word for it."""

    @property
    def expires_at(self) -> datetime:
        """Until when its units are held."""


def standing_of(order: Placed, *, waits: bool, under_way: bool = False, failed: bool = False) -> str:
    """Return where an order stands, as a key of `STANDINGS`; `waits` says that a person has to look at it.

    Who knows its payments says whether money of one is `under_way`, and whether one `failed`; that shows in the list as
    nothing else than an order that is not paid.
    """
    if order.status in {OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}:
        return order.status
    if waits:
        return "attention"
    if order.status != OrderStatus.CREATED:
        return order.status
    if under_way:
        return "confirming"
    if order.expires_at <= clock.now():
        return "expired"
    return "failed" if failed else "unpaid"
