"""Look at what is for sale, and put more of it there."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String
from sqlmodel import bindparam, col, or_, select, tuple_

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

LONGEST_QUERY = 80
ON_SALE: Any = (
    select(Product, Variant)
    .join(Variant, (col(Variant.product_id) == col(Product.id)) & (col(Variant.position) == 1))
    .where(col(Product.on_sale))
)
_NAMED = Statement[tuple[Product, Variant]](
    ON_SALE.where(or_(Product.id == bindparam("name"), Product.slug == bindparam("name")))
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
    values: dict[str, Any] = {"limit": limit + 1}
    if query:
        escaped = query[:LONGEST_QUERY].replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        values["pattern"] = f"%{escaped}%"
    if category:
        values["category"] = category
    if cursor:
        values["position"], values["id"] = _place(cursor)
    statement = _list(bool(query), bool(category), bool(cursor))
    offers = [Offer(*row) for row in await session.exec(statement, **values)]
    return page_of(offers, limit, [f"{offer.product.position}.{offer.product.id}" for offer in offers])


@lru_cache
def _list(searched: bool, of_category: bool, further: bool) -> Statement[tuple[Product, Variant]]:  # noqa: FBT001 - one text each
    statement = ON_SALE.order_by(col(Product.position), col(Product.id)).limit(bindparam("limit", type_=Integer))
    if searched:
        fields = (col(Product.name), col(Product.summary), col(Product.category))
        statement = statement.where(or_(*(field.ilike(bindparam("pattern"), escape="\\") for field in fields)))
    if of_category:
        statement = statement.where(Product.category == bindparam("category"))
    if further:
        place = tuple_(bindparam("position", type_=Integer), bindparam("id", type_=String))
        statement = statement.where(tuple_(col(Product.position), col(Product.id)) > place)
    return Statement(statement)


async def get_product(session: Session, id_or_slug: str) -> Offer:
    """Find one product on sale by its id or its slug; raises ProductNotFound."""
    found = (await session.exec(_NAMED, name=id_or_slug)).one_or_none()
    if found is None:
        raise ProductNotFound
    return Offer(*found)


def availability(left: int | None, *, digital: bool, back_in: str | None) -> str:
    """Say in words how much is left."""
    match left:
        case None:
            return "Always available" if digital else "In stock"
        case 0:
            return f"Sold out, back in {back_in}" if back_in else "Sold out"
        case 1:
            return "Last one"
        case _:
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
