"""The server actions of the shelf and of a product's page."""

import reflex as rx

from checkout_app.catalog import service
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.window import DEPTH, IN_WINDOW
from checkout_app.checkout.quote import MAX_QUANTITY
from checkout_app.core import database
from checkout_app.core.early import at_import
from checkout_app.core.kept import Kept
from checkout_app.core.session import Session
from checkout_app.seller.service import Terms
from checkout_app.shopfront.offered import look_at
from checkout_app.shopfront.views import ProductView, ShelfItem, product_view, shelf
from checkout_app.ui.visitor import Visitor

_SHELF = Kept(shelf)


async def _everything_in_full(session: Session) -> list[ProductView]:
    # Without what the seller says: that is asked when a page is shown.
    return [product_view(offer, MAX_QUANTITY, Terms()) for offer in await service.offers(session, limit=DEPTH)]


BUILT_WITH: list[ProductView] = at_import(_everything_in_full, [])
"""The products known when the pages were built; theirs are prerendered."""
_BUILT = at_import(lambda session: session.kept(_SHELF, IN_WINDOW), shelf([]))
_CATEGORIES = tuple(_BUILT.of_category)


class ShelfState(Visitor):
    """What the home page shows. Tabs share what they show alike: their states hold no copy of it."""

    items: rx.Field[tuple[ShelfItem, ...]] = rx.field(default_factory=lambda: _BUILT.everything)
    categories: rx.Field[tuple[str, ...]] = rx.field(default_factory=lambda: _CATEGORIES)
    category: str = ""

    @rx.event
    async def load(self) -> None:
        """Load what is for sale now, of the category in the URL if there is such a category."""
        await self._show_visitor()
        wanted = self.router.url.query_parameters.get("category", "")
        async with database.ask() as session:
            now = await session.kept(_SHELF, IN_WINDOW)
        category = wanted if wanted in now.of_category else ""
        self._set(
            categories=tuple(now.of_category),
            category=category,
            items=now.of_category[category] if category else now.everything,
        )


class ProductState(Visitor):
    """What a product's page shows."""

    product: rx.Field[ProductView] = rx.field(default_factory=ProductView)
    unknown: bool = False

    @rx.event
    async def load(self) -> None:
        """Load the product of this URL as it is now; one that is not for sale becomes a page that says so."""
        await self._show_visitor()
        slug = self.router.url.path.rstrip("/").rpartition("/")[2][:80]
        product = await _product(slug)
        self._set(product=product or ProductView(), unknown=product is None)


async def _product(slug: str) -> ProductView | None:
    """Find what a product's page shows; None when there is no such product on sale."""
    try:
        async with database.ask() as session:
            offer, terms = await look_at(session, slug)
    except ProductNotFound:
        return None
    return product_view(offer, MAX_QUANTITY, terms)
