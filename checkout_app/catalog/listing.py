"""What is for sale as lists tell of it, a page at a time."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import Integer, String
from sqlmodel import bindparam, col, or_, tuple_

from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import NAMED, OFFERED, ON_SALE, Offer
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement

LONGEST_QUERY: Final = 80


class Listed(NamedTuple):
    """A product in a list; `available` is how many can be promised now, None for what never runs out."""

    id: str
    slug: str
    name: str
    description: str
    image: str
    amount: int
    currency: str
    available: int | None
    category: str
    digital: bool
    position: int

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """Describe a product by one of its variants."""
        product, variant = offer.product, offer.variant
        return cls(
            id=product.id,
            slug=product.slug,
            name=product.name,
            description=product.description,
            image=product.image,
            amount=variant.amount,
            currency=variant.currency,
            available=variant.available,
            category=product.category,
            digital=product.digital,
            position=product.position,
        )


Row = tuple[Any, ...]
"""What a `Listed` is made of."""
_LISTED: Final[Any] = ON_SALE.with_only_columns(
    *(col(field) for field in (Product.id, Product.slug, Product.name, Product.description, Product.image)),
    *(col(field) for field in (Variant.amount, Variant.currency)),
    (col(Variant.on_hand) - col(Variant.held)).label("available"),
    *(col(field) for field in (Product.category, Product.digital, Product.position)),
)
ONE: Final[Statement[tuple[Product, Variant]]] = Statement(OFFERED.where(NAMED).order_by(col(Variant.position)))
"""Finds one product by its id or its slug, `name`, with each of its variants that can be chosen, the first first."""


def question(
    *, query: str = "", category: str = "", cursor: str | None = None, limit: int = 20
) -> tuple[Statement[Row], Mapping[str, Any]]:
    """Return the statement that lists what is on sale in the shop window's order, and its values.

    `query` looks in names and summaries, any case. It finds one row more than `limit` when there is another page; a
    row is a `Listed`.
    """
    values: dict[str, Any] = {"limit": limit + 1}
    if query:
        values["pattern"] = contains(query[:LONGEST_QUERY])
    if category:
        values["category"] = category
    if cursor:
        values["position"], values["id"] = _place(cursor)
    return _list(bool(query), bool(category), bool(cursor)), values


def contains(words: str) -> str:
    r"""Return the pattern of what has words in it, for a LIKE whose escape is a \."""
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def page(rows: Sequence[Row], *, limit: int, **_: Any) -> Page[Listed]:
    """Make a page of what was answered to a `question` with these values."""
    found = [Listed._make(row) for row in rows]
    return page_of(found, limit - 1, [f"{product.position}.{product.id}" for product in found])


@lru_cache
def _list(searched: bool, of_category: bool, further: bool) -> Statement[Row]:  # noqa: FBT001 - one text each
    statement = _LISTED.order_by(col(Product.position), col(Product.id)).limit(bindparam("limit", type_=Integer))
    if searched:
        fields = (col(Product.name), col(Product.summary), col(Product.category))
        statement = statement.where(or_(*(field.ilike(bindparam("pattern"), escape="\\") for field in fields)))
    if of_category:
        statement = statement.where(Product.category == bindparam("category"))
    if further:
        place = tuple_(bindparam("position", type_=Integer), bindparam("id", type_=String))
        statement = statement.where(tuple_(col(Product.position), col(Product.id)) > place)
    return Statement(statement)


def _place(cursor: str) -> tuple[int, str]:
    position, _, product_id = cursor.partition(".")
    if not (position.isascii() and position.isdigit() and len(position) < 10 and product_id):  # noqa: PLR2004 - fits an integer
        raise InvalidInput({"cursor": "This is not a cursor we gave out."})
    return int(position), product_id
