"""The choice among a product's variants, as its page offers it: every value is a link to the variant that has it.

So what is chosen stands in the address, and price and stock beside it are true in the first byte, with scripts or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout_app.catalog.models import VALUES_APART
from checkout_app.catalog.service import Offer
from checkout_app.shopfront.paths import variant_path


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A value that an option may have."""

    name: str
    href: str
    chosen: bool
    note: str
    """Why it can't be had with what else is chosen; empty where it can."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """What variants differ in, and the values there are."""

    name: str
    chosen: str
    choices: tuple[ChoiceView, ...]


def chosen_of(offers: Sequence[Offer], variant_id: str) -> Offer:
    """Return the one that is asked for; where none is, the first of which there is any, or else the first."""
    asked = (offer for offer in offers if offer.variant.id == variant_id)
    there = (offer for offer in offers if offer.variant.available != 0)
    return next(asked, None) or next(there, offers[0])


def options_of(offers: Sequence[Offer], chosen: Offer) -> tuple[OptionView, ...]:
    """Describe in what a product's variants differ, seen from one of them."""
    return tuple(_option(place, name, offers, chosen) for place, name in enumerate(chosen.product.options))


def _option(place: int, name: str, offers: Sequence[Offer], chosen: Offer) -> OptionView:
    values = dict.fromkeys(offer.variant.option_values[place] for offer in offers)
    views = tuple(_value(place, value, offers, chosen) for value in values)
    return OptionView(name, chosen.variant.option_values[place], views)


def _value(place: int, value: str, offers: Sequence[Offer], chosen: Offer) -> ChoiceView:
    """Describe a value: it leads to the variant that has it and most of what else is chosen."""
    mine = chosen.variant.option_values
    having = [offer for offer in offers if offer.variant.option_values[place] == value]
    nearest = min(having, key=lambda offer: len(_lacking(place, mine, offer)))
    if lacking := _lacking(place, mine, nearest):
        note = f"Not in {VALUES_APART.join(lacking)}"
    else:
        note = "Sold out" if nearest.variant.available == 0 else ""
    href = variant_path(nearest.product.slug, nearest.variant.id)
    return ChoiceView(value, href, chosen=value == mine[place], note=note)


def _lacking(place: int, mine: Sequence[str], offer: Offer) -> list[str]:
    """Return what of the other values it has not."""
    pairs = enumerate(zip(mine, offer.variant.option_values, strict=True))
    return [my for other, (my, its) in pairs if other != place and my != its]
