"""The shop window: what is for sale in its order, page by page, and which categories there are."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, case
from sqlalchemy.orm import aliased
from sqlmodel import bindparam, col, func, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import EVERYTHING, ON_SALE
from checkout_app.core.statements import Statement
from checkout_app.seller.models import ONLY, Seller

PAGE_SIZE: Final = 24

_SEPARATES: Final = re.compile(r"[\s!-/:-@\[-`{-~]+")
"""What can't be read in a URL. Letters of every script can."""


class InWindow(NamedTuple):
    """A product in the window; `left` is how many can be promised now, None for what never runs out.

    Of what has several variants it is how many there are of all of them, and `amount` what the cheapest costs.
    """

    slug: str
    name: str
    image: str
    image_alt: str
    digital: bool
    back_in: str | None
    amount: int
    differs: bool
    """Whether another variant costs more."""
    currency: str
    left: int | None


@dataclass(frozen=True, slots=True)
class Category:
    """What products are called together, how many of them are for sale, and how many are not.

    `names` are all its spellings: those that make the same slug are one category.
    """

    slug: str
    name: str
    names: tuple[str, ...]
    products: int
    hidden: int


_PLACE: Final = (col(Product.position), col(Product.id))
_EACH: Final[Any] = aliased(Variant)


def _of_all(column: ColumnElement[Any]) -> Any:
    """Say something of all variants of a product that can be chosen."""
    return select(column).where(_EACH.product_id == col(Product.id), _EACH.on_sale).correlate(Product).scalar_subquery()


_CHEAPEST: Final = func.min(_EACH.amount)
_SHOWN: Final[Any] = ON_SALE.with_only_columns(
    *(col(field) for field in (Product.slug, Product.name, Product.image, Product.image_alt)),
    *(col(field) for field in (Product.digital, Product.back_in)),
    _of_all(_CHEAPEST).label("amount"),
    _of_all(func.max(_EACH.amount) > _CHEAPEST).label("differs"),
    col(Variant.currency),
    _of_all(case((func.count() == func.count(_EACH.on_hand), func.sum(_EACH.on_hand - _EACH.held)))).label("left"),
)
_PICKED: Final[Any] = ON_SALE.with_only_columns(col(Product.id)).order_by(*_PLACE)


def _page(picked: Any) -> Statement[tuple[Any, ...]]:
    """Pick a page of products, and say only of those what all of their variants cost and how many there are."""
    cut = picked.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
    return Statement(_SHOWN.where(col(Product.id).in_(cut.correlate(None))).order_by(*_PLACE))


_EVERYTHING: Final = _page(_PICKED)
_OF_CATEGORY: Final = _page(_PICKED.where(col(Product.category).in_(bindparam("names", type_=String, expanding=True))))
_ORDER: Final = func.coalesce(select(Seller.categories).where(Seller.id == ONLY).scalar_subquery(), "")
_FOR_SALE: Final = case((col(Product.on_sale), col(Product.position)))


def _categories(products: Any) -> Statement[tuple[Any, ...]]:
    """Ask which names of categories some products have and how many of each, by the first of them in the window."""
    counted = products.with_only_columns(
        col(Product.category), func.count(_FOR_SALE), func.count() - func.count(_FOR_SALE), _ORDER
    )
    return Statement(
        counted.group_by(col(Product.category)).order_by(func.min(_FOR_SALE).nulls_last(), col(Product.category))
    )


CATEGORIES: Final = _categories(ON_SALE)
"""What the categories of the window are made of."""
ALL_CATEGORIES: Final = _categories(EVERYTHING)
"""Likewise, with those of which nothing is for sale."""


def slug_of(category: str) -> str:
    """Return what a category is called in a URL."""
    return _SEPARATES.sub("-", unicodedata.normalize("NFC", category).casefold()).strip("-") or "-"


def categories(rows: Sequence[tuple[Any, ...]], **_: Any) -> tuple[Category, ...]:
    """Put together what is answered to `CATEGORIES`: first those that the seller's row names, in its order."""
    found: dict[str, Category] = {}
    order = ""
    for name, products, hidden, order in rows:  # noqa: B007 - each row has the same one
        slug = slug_of(name)
        known = found.get(slug, Category(slug, name, (), 0, 0))
        numbers = known.products + products, known.hidden + hidden
        found[slug] = Category(slug, known.name, (*known.names, name), *numbers)
    slugs = dict.fromkeys([*map(slug_of, order.splitlines()), *found])
    return tuple(found[slug] for slug in slugs if slug in found)


def pages(products: int) -> int:
    """Count the pages that so many products take; an empty window is one as well."""
    return max(1, -(-products // PAGE_SIZE))


def question(category: Category | None, page: int) -> tuple[Statement[tuple[Any, ...]], Mapping[str, Any]]:
    """Return the statement that finds a page of the window, from 1 on, and its values; a row is an `InWindow`."""
    cut = {"limit": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE}
    if category is None:
        return _EVERYTHING, cut
    return _OF_CATEGORY, {**cut, "names": list(category.names)}
