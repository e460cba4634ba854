"""The categories as the back office shows them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog.categories import MOST_ORDERED
from checkout_app.catalog.window import Category
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.products.views import PRODUCTS

CATEGORIES: Final = "/merchant/categories"
MOST_SHOWN: Final = 2 * MOST_ORDERED


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category; `path` is where the API changes it, `up_before` and `down_before` are what it then stands before."""

    slug: str
    name: str
    about: str
    products: str
    """Where its products are listed."""
    path: str
    up: bool
    up_before: str
    down: bool
    down_before: str


@dataclass(frozen=True, slots=True)
class CategoriesView:
    """The categories in their order, as far as they are shown; `more` says that there are others."""

    desk: Desk
    can_change: bool
    categories: tuple[CategoryView, ...]
    more: str


def categories_view(person: Identity, found: Sequence[Category]) -> CategoriesView:
    """Describe the categories for who looks at them."""
    more = len(found) - MOST_SHOWN
    return CategoriesView(
        desk=desk(person),
        can_change=Caller.OWNER.admits(person.role),
        categories=tuple(_category(found, at) for at in range(min(len(found), MOST_SHOWN))),
        more=f"And {more:,} more, which are seen here once these are fewer." if more > 0 else "",
    )


def _category(found: Sequence[Category], at: int) -> CategoryView:
    category, last = found[at], min(len(found), MOST_ORDERED) - 1
    return CategoryView(
        slug=category.slug,
        name=category.name,
        about=_about(category),
        products=f"{PRODUCTS}?{urlencode({'search': category.name})}",
        path=f"/api/merchant/categories/{quote(category.slug)}",
        up=0 < at <= MOST_ORDERED,
        up_before=found[at - 1].slug if at else "",
        down=at < last,
        down_before=found[at + 2].slug if at + 2 < len(found) else "",
    )


def _about(category: Category) -> str:
    others = [name for name in category.names if name != category.name]
    written = f", also written {', '.join(others)}" if others else ""
    hidden = f", {category.hidden} hidden" if category.hidden else ""
    return f"{category.products} on sale{hidden}{written}"
