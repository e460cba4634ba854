"""The shape of one demo product."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class DemoFile(NamedTuple):
    """What its buyers download: under which name, and what makes it."""

    name: str
    content: Callable[[], bytes]


class DemoVariant(NamedTuple):
    """One variant more of a product: its value of each option, its price with GST in paise, and its stock."""

    values: tuple[str, ...]
    amount: int
    on_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProduct:
    """A product of the demo shop, as data. Its picture is `assets/products/<slug>.svg`."""

    slug: str
    name: str
    category: str
    amount: int
    """Price with GST, in paise."""
    tax_rate: int
    """GST in basis points."""
    hsn: str
    """HSN code of goods, SAC code of services."""
    on_hand: int | None
    """Units in the house; None for what never runs out."""
    digital: bool = False
    back_in: str | None = None
    """When a sold-out product returns, in the words people see."""
    summary: str
    description: str
    """Plain paragraphs, a blank line between them."""
    details: tuple[tuple[str, str], ...]
    """Pairs of term and text, in the order they are shown."""
    image_alt: str
    file: DemoFile | None = None
    options: tuple[str, ...] = ()
    """What its variants differ in, where it has several."""
    values: tuple[str, ...] = ()
    """The first one's value of each option."""
    others: tuple[DemoVariant, ...] = ()
