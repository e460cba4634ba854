"""The columns of the table of products: what each is called, what it says, and how that is written and read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from checkout_app.catalog.service import Offer
from checkout_app.catalog.table import cells
from checkout_app.core.spreadsheet_files import said as as_said


class Column(NamedTuple):
    """A column, and the field of a draft that it says; `of_variant` where each variant has its own."""

    name: str
    field: str
    read: Callable[[str], Any]
    """Of an empty cell too; ... is what says nothing."""
    write: Callable[[Any], str]
    of_variant: bool = False

    def shown(self, value: Any) -> str:
        """Write a value as it is read again: what surrounds a cell is nobody's."""
        return as_said(self.write(value))


COLUMNS: Final = (
    Column("name", "name", cells.words, cells.as_words),
    Column("category", "category", cells.words, cells.as_words),
    Column("sku", "sku", cells.sku, cells.as_words, of_variant=True),
    Column("price", "amount", cells.price, cells.as_price, of_variant=True),
    Column("gst", "tax_rate", cells.percent, cells.as_percent),
    Column("stock", "stock", cells.whole, cells.as_whole, of_variant=True),
    Column("on_sale", "on_sale", cells.yes, cells.as_yes),
    Column("hsn", "hsn", cells.code, cells.as_words, of_variant=True),
    Column("weight_g", "weight", cells.whole, cells.as_whole, of_variant=True),
    Column("digital", "digital", cells.yes, cells.as_yes),
    Column("back_in", "back_in", cells.words, cells.as_words),
    Column("summary", "summary", cells.words, cells.as_words),
    Column("description", "description", cells.words, cells.as_words),
    Column("details", "details", cells.pairs, cells.as_pairs),
)
"""What a draft says, in the order in which the table has it."""
SLUG: Final = "slug"
"""The column that says which product a row is of."""
OPTIONS: Final = (("option_1", "value_1"), ("option_2", "value_2"), ("option_3", "value_3"))
"""The columns that say which of its variants it is: in what they differ, and what it has of that."""
HEADINGS: Final = (SLUG, *(name for pair in OPTIONS for name in pair), *(column.name for column in COLUMNS))


_OF_PRODUCT: Final = ("name", "category", "on_sale", "digital", "back_in", "summary", "description", "details")


def told_of(offer: Offer, moment: datetime) -> Mapping[str, Any]:
    """Return what is so of a product and its variant at a moment, by the fields of a draft."""
    product, variant = offer.product, offer.variant
    of_product = {name: getattr(product, name) for name in _OF_PRODUCT}
    return of_product | {
        "sku": variant.sku,
        "amount": variant.amount,
        "tax_rate": variant.rate_at(moment),
        "stock": variant.on_hand,
        "hsn": variant.hsn,
        "weight": variant.weight,
    }


def row_of(offer: Offer, moment: datetime) -> Sequence[str]:
    """Write the row of a variant at a moment; what all of a product have in common stands in that of the first."""
    product, variant = offer.product, offer.variant
    chosen = [text for pair in zip(product.options, variant.option_values, strict=True) for text in pair]
    told = told_of(offer, moment)
    first = variant.position == 1
    said = (column.shown(told[column.field]) if first or column.of_variant else "" for column in COLUMNS)
    return [product.slug, *chosen, *[""] * (2 * len(OPTIONS) - len(chosen)), *said]
