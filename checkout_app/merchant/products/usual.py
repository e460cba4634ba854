"""What the next product will most likely be: said in its form before anybody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col, func, select

from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.products import USUAL_RATE
from checkout_app.catalog.service import EVERYTHING
from checkout_app.core import database
from checkout_app.core.statements import Statement

_MOST_CATEGORIES: Final = 12
_LAST: Final[Statement[tuple[Any, ...]]] = Statement(
    EVERYTHING.with_only_columns(col(Product.category), col(Variant.tax_rate)).order_by(col(Product.id).desc()).limit(1)
)
_CATEGORIES: Final = Statement[str](
    select(Product.category)
    .group_by(col(Product.category))
    .order_by(func.count().desc(), col(Product.category))
    .limit(_MOST_CATEGORIES)
)


@dataclass(frozen=True, slots=True)
class Usual:
    """The category and the tax rate, in basis points, of the last product, and the categories that most are in."""

    category: str
    tax_rate: int
    categories: Sequence[str]


async def usual() -> Usual:
    """Return what is usual in the shop."""
    async with database.read() as session:
        category, rate = (await session.exec(_LAST)).first() or ("", USUAL_RATE)
        return Usual(category, rate, (await session.exec(_CATEGORIES)).all())
