"""Why a figure is what it is: facts when it is worked out, a sentence when somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from checkout_app.core.money import format_amount, format_rate


class Why(StrEnum):
    """What makes a figure."""

    PRICES = "prices"
    PERCENT_OFF = "percent_off"
    AMOUNT_OFF = "amount_off"
    FREE_DELIVERY = "free_delivery"
    DELIVERY = "delivery"
    TAX_WITHIN = "tax_within"
    TAX_ACROSS = "tax_across"
    NO_TAX = "no_tax"
    TOTAL = "total"


_FIGURES: Final[Mapping[Why, str]] = {
    Why.PRICES: "subtotal",
    Why.PERCENT_OFF: "discount",
    Why.AMOUNT_OFF: "discount",
    Why.FREE_DELIVERY: "delivery",
    Why.DELIVERY: "delivery",
    Why.TAX_WITHIN: "tax",
    Why.TAX_ACROSS: "tax",
    Why.NO_TAX: "tax",
    Why.TOTAL: "total",
}
_SENTENCES: Final[Mapping[Why, str]] = {
    Why.PRICES: "What is bought costs {amount}.",
    Why.PERCENT_OFF: "The coupon {code} takes {rate} off: {amount}, shared by what each line costs.",
    Why.AMOUNT_OFF: "The coupon {code} takes {amount} off, shared by what each line costs.",
    Why.FREE_DELIVERY: "With the coupon {code} sending it costs nothing.",
    Why.DELIVERY: "Sending it costs {amount}. That is taxed like the goods it brings.",
    Why.TAX_WITHIN: "GST of {rate} is in it: {amount}, half for the Union and half for the seller's State.",
    Why.TAX_ACROSS: "GST of {rate} is in it: {amount}, all of it integrated tax, as it goes to another State.",
    Why.NO_TAX: "No GST is in it: the seller collects none.",
    Why.TOTAL: "So {amount} is to be paid.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one figure is what it is: its amount in minor units, and what else there is to say."""

    why: Why
    amount: int
    data: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def figure(self) -> str:
        """Which of the figures of a sale it is about."""
        return _FIGURES[self.why]

    def message(self, currency: str) -> str:
        """Say it to people."""
        said = dict(self.data) | {"amount": format_amount(self.amount, currency)}
        if "rate" in said:
            said["rate"] = format_rate(int(said["rate"]))
        return _SENTENCES[self.why].format_map(said)
