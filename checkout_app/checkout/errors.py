"""What placing an order refuses."""

from collections.abc import Mapping
from typing import Final

from checkout_app.core.errors import ShopError
from checkout_app.core.money import format_amount

_WORDS: Final = {
    "total": "price",
    "subtotal": "price before delivery and discount",
    "discount": "discount",
    "delivery": "delivery charge",
    "tax": "tax inside the price",
}
"""What the figures of a price are called, the one that tells most first."""


class IdempotencyConflict(ShopError):
    """The idempotency key was used before for something else."""

    status = 409
    code = "idempotency_conflict"
    sentence = "This attempt was already used for a different order."


class PriceChanged(ShopError):
    """It does not cost what the buyer was shown; `was` and `now` are totals in minor units.

    `figures` are those that differ, each with what it `was` and is `now`: not always the total, and the tax inside it.
    """

    status = 409
    code = "price_changed"
    sentence = "The price has changed."

    def __init__(self, was: int, now: int, currency: str, figures: Mapping[str, Mapping[str, int]]) -> None:
        word, of = _most_telling(figures)
        shown, costs = (format_amount(of[when], currency) for when in ("was", "now"))
        super().__init__(f"The {word} has changed from {shown} to {costs}.")
        self.was, self.now, self.figures = was, now, figures


class QuoteNotFound(ShopError):
    """No such quote, or it is somebody else's; the two look alike on purpose."""

    status = 404
    code = "quote_not_found"
    sentence = "We don't know this quote. Ask for the price again."


class UnpaidOrders(ShopError):
    """Too many orders of the buyer, or from their address, are unpaid; `order_id` is one that they can pay."""

    status = 409
    code = "unpaid_orders"
    sentence = "Too many orders from your network are not paid yet. Try again in a quarter of an hour."

    def __init__(self, order_id: str | None = None, number: str = "") -> None:
        super().__init__(f"Order {number} is not paid yet. Pay it or cancel it first." if order_id else "")
        self.order_id = order_id


def _most_telling(figures: Mapping[str, Mapping[str, int]]) -> tuple[str, Mapping[str, int]]:
    """Choose of the figures that differ the one to speak of, and its word; else it is the price of one line."""
    for name, word in _WORDS.items():
        if name in figures:
            return word, figures[name]
    return "price of a product", next(iter(figures.values()))
