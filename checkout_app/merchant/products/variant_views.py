"""The variants of a product as the back office shows them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product as combined
from typing import Any

from checkout_app.catalog.models import VALUES_APART, Product, Variant
from checkout_app.catalog.options import MOST_OPTIONS, Option
from checkout_app.catalog.variants import offered
from checkout_app.core.money import format_amount

_SUCH_AS = (("Colour", "Indigo, Madder"), ("Size", "Single, Double"), ("Fringe", "Plain, Knotted"))


@dataclass(frozen=True, slots=True)
class OptionRow:
    """In what variants differ as it stands in two fields, the second with commas; or an empty pair with an example."""

    place: str
    name: str
    listed: str
    such_as: str
    such_as_listed: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A combination of values; `turn` is what is sent to hide it, or to let it be chosen again."""

    id: str
    name: str
    on_sale: bool
    price: str
    price_label: str
    stock: str
    stock_label: str
    held: str
    sku: str
    turn: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariantsView:
    """In what a product comes; no `rows` where it is a single thing."""

    options: tuple[OptionRow, ...] = ()
    rows: tuple[VariantRow, ...] = ()
    summary: str = "Let it come in sizes or colours"


def variants_view(product: Product, variants: Sequence[Variant]) -> VariantsView:
    """Describe all combinations of the values that can be chosen, those that are left out as well."""
    there = offered(product, variants)
    options = tuple(_option(place, there) for place in range(MOST_OPTIONS))
    if not product.options:
        return VariantsView(options)
    known = {tuple(variant.option_values): variant for variant in reversed(variants)}  # the first of alike ones counts
    said = [option._asdict() for option in there]
    rows = tuple(_row(values, known.get(values), said) for values in combined(*(option.values for option in there)))
    return VariantsView(options, rows, "Change what it comes in")


def _option(place: int, there: Sequence[Option]) -> OptionRow:
    name, listed = (there[place].name, ", ".join(there[place].values)) if place < len(there) else ("", "")
    return OptionRow(f"options.{place}", name, listed, *_SUCH_AS[place])


def _row(values: tuple[str, ...], variant: Variant | None, options: Sequence[dict[str, Any]]) -> VariantRow:
    on_sale = variant is not None and variant.on_sale
    turn = {"options": options, "variants": [{"values": values, "on_sale": not on_sale}]}
    name = VALUES_APART.join(values)
    if variant is None:
        return VariantRow("", name, on_sale, "", "", "", "There is none of this", "", "", turn)
    stock, held = variant.on_hand, variant.held
    return VariantRow(
        id=variant.id,
        name=name,
        on_sale=on_sale,
        price=format_amount(variant.amount, variant.currency).lstrip("₹"),
        price_label=format_amount(variant.amount, variant.currency),
        stock="" if stock is None else str(stock),
        stock_label="Never runs out" if stock is None else f"{stock} in stock",
        held=f"{held} held by orders" if held else "",
        sku=variant.sku,
        turn=turn,
    )
