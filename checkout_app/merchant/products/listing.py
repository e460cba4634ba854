"""All products of the shop as its people see them, those that are hidden as well, a page at a time."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, String
from sqlmodel import bindparam, col, or_

from checkout_app.catalog.listing import contains
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import EVERYTHING
from checkout_app.core import database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line

LONGEST_SEARCH: Final = 80


class Row(NamedTuple):
    """A product in the shop's table; `amount` in minor units, `stock` with what orders hold, None never runs out."""

    id: str
    slug: str
    name: str
    category: str
    image: str
    on_sale: bool
    sku: str
    amount: int
    currency: str
    stock: int | None
    held: int
    options: list[str]
    """What its variants differ in; the figures are those of the first."""


_ROW: Final[Any] = EVERYTHING.with_only_columns(
    *(col(field) for field in (Product.id, Product.slug, Product.name, Product.category, Product.image)),
    *(col(field) for field in (Product.on_sale, Variant.sku, Variant.amount, Variant.currency)),
    col(Variant.on_hand).label("stock"),
    col(Variant.held),
    col(Product.options),
)


async def list_products(*, search: str = "", cursor: str | None = None, limit: int = 50) -> Page[Row]:
    """List products, the newest first; a search looks in names, categories and SKUs. Raises InvalidInput."""
    try:
        words = one_line(search, LONGEST_SEARCH)
    except Unfit as error:
        raise InvalidInput({"search": f"Search for at most {LONGEST_SEARCH} ordinary characters."}) from error
    values: dict[str, Any] = {"cursor": cursor or ids.LAST_ID, "limit": limit + 1}
    if words:
        values["pattern"] = contains(words)
    async with database.ask() as session:
        rows = [Row(*found) for found in await session.exec(_listed(searched=bool(words)), **values)]
    return page_of(rows, limit, [row.id for row in rows])


@lru_cache
def _listed(*, searched: bool) -> Statement[tuple[Any, ...]]:
    statement = _ROW.where(Product.id < bindparam("cursor", type_=String))
    if searched:
        fields = (col(Product.name), col(Product.category), col(Variant.sku))
        statement = statement.where(or_(*(field.ilike(bindparam("pattern"), escape="\\") for field in fields)))
    return Statement(statement.order_by(col(Product.id).desc()).limit(bindparam("limit", type_=Integer)))
