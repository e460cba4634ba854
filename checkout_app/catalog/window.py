"""The shop window: what everybody who comes in sees of what is for sale, the first of each category."""

from typing import Any, Final, NamedTuple

from sqlmodel import col, func, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import ON_SALE
from checkout_app.core.statements import Statement

DEPTH: Final = 60
"""How many products are shown of one category, and of all."""


class InWindow(NamedTuple):
    """A product in the window; `left` is how many can be promised now, None for what never runs out."""

    slug: str
    name: str
    category: str
    image: str
    image_alt: str
    digital: bool
    back_in: str | None
    amount: int
    currency: str
    left: int | None


_SHOWN: Final[Any] = (
    ON_SALE.with_only_columns(
        *(col(field) for field in (Product.slug, Product.name, Product.category, Product.image, Product.image_alt)),
        *(col(field) for field in (Product.digital, Product.back_in, Variant.amount, Variant.currency)),
        (col(Variant.on_hand) - col(Variant.held)).label("left"),
        col(Product.position),
        col(Product.id),
        func.row_number()
        .over(partition_by=col(Product.category), order_by=(col(Product.position), col(Product.id)))
        .label("place"),
    )
).subquery()
IN_WINDOW: Final[Statement[tuple[Any, ...]]] = Statement(
    select(*(_SHOWN.c[name] for name in InWindow._fields))
    .where(_SHOWN.c.place <= DEPTH)
    .order_by(_SHOWN.c.position, _SHOWN.c.id)
)
"""What is in the window, in its order: a row for each `InWindow`."""
