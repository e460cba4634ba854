"""Look at what is for sale, and put more of it there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer
from sqlalchemy.orm import aliased
from sqlmodel import bindparam, col, or_, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

FEW = 5
"""From so few left on, buyers are told how many."""

EVERYTHING: Any = select(Product, Variant).join(
    Variant, (col(Variant.product_id) == col(Product.id)) & (col(Variant.position) == 1)
)
"""Products with the variant as which each is bought if none is chosen, those that are hidden as well."""
ON_SALE: Any = EVERYTHING.where(col(Product.on_sale))
OFFERED: Any = (
    select(Product, Variant)
    .join(Variant, (col(Variant.product_id) == col(Product.id)) & col(Variant.on_sale))
    .where(col(Product.on_sale))
)
"""Products with each of their variants that can be chosen."""
NAMED = or_(Product.id == bindparam("name"), Product.slug == bindparam("name"))
_NAMES: Any = bindparam("names", expanding=True)
_FIRST, _CHOSEN = aliased(Variant), aliased(Variant)
_PRODUCTS: Any = (
    select(Product.id)
    .where(or_(col(Product.id).in_(_NAMES), col(Product.slug).in_(_NAMES)))
    .cte("named")
    .prefix_with("MATERIALIZED")  # or PostgreSQL, until it has counted its rows, looks for them once for each variant
)
WANTED: Any = OFFERED.where(
    col(Variant.id).in_(
        select(_FIRST.id)
        .join(_PRODUCTS, (_PRODUCTS.c.id == col(_FIRST.product_id)) & (col(_FIRST.position) == 1))
        .union_all(select(_CHOSEN.id).where(col(_CHOSEN.id).in_(_NAMES)))
    )
)
"""What is wanted by some `names`, as an `Offer` has them."""
_NAMED_ALL = Statement[tuple[Product, Variant]](WANTED)
_IN_ORDER = Statement[tuple[Product, Variant]](
    ON_SALE.order_by(col(Product.position), col(Product.id)).limit(bindparam("limit", type_=Integer))
)


_LEFT: Any = col(Variant.on_hand) - col(Variant.held)
_LOW_ROW: tuple[Any, ...] = (Product.id, Product.slug, Product.name, Variant.sku, _LEFT)
_LOW = Statement[tuple[Any, ...]](
    select(*_LOW_ROW)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(col(Product.on_sale), _LEFT <= FEW)
    .order_by(_LEFT, col(Product.name), col(Variant.sku))
    .limit(bindparam("limit", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on sale and the variant as which it is bought."""

    product: Product
    variant: Variant

    @property
    def id(self) -> str:
        """What it is wanted by: its variant's id where its product has several, and else its product's."""
        return self.variant.id if self.variant.option_values else self.product.id

    @property
    def names(self) -> frozenset[str]:
        """All that it may be wanted by: its variant's id, and its product's id and slug where that is the first."""
        of_product = {self.product.id, self.product.slug} if self.variant.position == 1 else set[str]()
        return frozenset({self.variant.id} | of_product)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.product.called(self.variant)


class Low(NamedTuple):
    """A variant on sale of which few units are left to promise, or none."""

    product_id: str
    slug: str
    name: str
    sku: str
    left: int


async def running_low(limit: int) -> Sequence[Low]:
    """List what is on sale of which at most FEW units are left, those with the least first."""
    async with database.ask() as session:
        return [Low(*row) for row in await session.exec(_LOW, limit=limit)]


async def offers(session: Session, *, limit: int) -> Sequence[Offer]:
    """Return what is on sale, each in full, in the shop window's order."""
    return [Offer(*row) for row in await session.exec(_IN_ORDER, limit=limit)]


async def named(session: Session, names: Collection[str]) -> Sequence[Offer]:
    """Find what is on sale of what is named: products by their ids or slugs, variants by their ids."""
    return [Offer(*row) for row in await session.exec(_NAMED_ALL, names=list(names))] if names else []


def availability(left: int | None, *, digital: bool, back_in: str | None) -> str:
    """Say in words how much is left; how many, when they are few."""
    match left:
        case None:
            return "Always available" if digital else "In stock"
        case 0:
            return f"Sold out, back in {back_in}" if back_in else "Sold out"
        case 1:
            return "Last one"
        case few if few <= FEW:
            return f"{few} left"
        case _:
            return "In stock"


async def add_product(session: Session, product: Product, *variants: Variant) -> bool:
    """Put a product with its variants on sale, unless one of its slug is there; returns whether this call did.

    Each variant gets its place in the order in which they come.
    """
    if not await database.insert_new(session, product):
        return False
    for position, variant in enumerate(variants, start=1):
        variant.product_id, variant.position = product.id, position
        session.add(variant)
    await session.flush()
    return True
