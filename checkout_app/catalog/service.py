"""Look at what is for sale, and put more of it there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, or_, select, tuple_

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session

LONGEST_QUERY = 80
_ON_SALE: Any = (
    select(Product, Variant)
    .join(Variant, (col(Variant.product_id) == col(Product.id)) & (col(Variant.position) == 1))
    .where(col(Product.on_sale))
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on sale and the variant it is bought as."""

    product: Product
    variant: Variant


async def list_products(
    session: Session, *, query: str = "", category: str = "", cursor: str | None = None, limit: int = 20
) -> Page[Offer]:
    """List what is on sale in the shop window's order; `query` looks in names and summaries, any case."""
    statement = _ON_SALE.order_by(col(Product.position), col(Product.id))
    if query:
        pattern = "%" + query[:LONGEST_QUERY].replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        fields = (col(Product.name), col(Product.summary), col(Product.category))
        statement = statement.where(or_(*(field.ilike(pattern, escape="\\") for field in fields)))
    if category:
        statement = statement.where(Product.category == category)
    if cursor:
        statement = statement.where(tuple_(col(Product.position), col(Product.id)) > tuple_(*_place(cursor)))
    offers = [Offer(*row) for row in (await session.exec(statement.limit(limit + 1))).all()]
    return page_of(offers, limit, [f"{offer.product.position}.{offer.product.id}" for offer in offers])


async def get_product(session: Session, id_or_slug: str) -> Offer:
    """Find one product on sale by its id or its slug; raises ProductNotFound."""
    named = or_(Product.id == id_or_slug, Product.slug == id_or_slug)
    found = (await session.exec(_ON_SALE.where(named))).one_or_none()
    if found is None:
        raise ProductNotFound
    return Offer(*found)


async def products_by_id(session: Session, ids: Iterable[str]) -> dict[str, Offer]:
    """Fetch several products on sale at once, by id or slug; the answer is keyed by what was asked for."""
    asked = set(ids)
    named = or_(col(Product.id).in_(asked), col(Product.slug).in_(asked))
    found: dict[str, Offer] = {}
    for product, variant in (await session.exec(_ON_SALE.where(named))).all():
        found |= {name: Offer(product, variant) for name in (product.id, product.slug) if name in asked}
    return found


async def categories(session: Session) -> list[str]:
    """Return the categories that have something on sale, in the shop window's order."""
    statement = (
        select(Product.category)
        .where(col(Product.on_sale))
        .group_by(col(Product.category))
        .order_by(func.min(Product.position))
    )
    return list((await session.exec(statement)).all())


def availability(offer: Offer) -> str:
    """Say in words how much is left."""
    match offer.variant.available:
        case None:
            return "Always available" if offer.product.digital else "In stock"
        case 0:
            return f"Sold out, back in {offer.product.back_in}" if offer.product.back_in else "Sold out"
        case 1:
            return "Last one"
        case left:
            return f"{left} left"


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


def _place(cursor: str) -> tuple[int, str]:
    position, _, product_id = cursor.partition(".")
    if not (position.isascii() and position.isdigit() and len(position) < 10 and product_id):  # noqa: PLR2004 - fits an integer
        raise InvalidInput({"cursor": "This is not a cursor we gave out."})
    return int(position), product_id
