"""The server actions of the shelf and of a product's page."""

import reflex as rx

from checkout_app.catalog import service
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.core import database
from checkout_app.core.early import at_import
from checkout_app.core.session import Session
from checkout_app.shopfront.views import ProductView, ShelfItem, product_view, shelf_item
from checkout_app.ui.visitor import Visitor

MOST_OF_ONE = 10
SHELF_SIZE = 60


async def _everything(session: Session) -> list[ShelfItem]:
    page = await service.list_products(session, limit=SHELF_SIZE)
    return [shelf_item(offer) for offer in page.items]


async def _everything_in_full(session: Session) -> list[ProductView]:
    page = await service.list_products(session, limit=SHELF_SIZE)
    return [product_view(offer, MOST_OF_ONE) for offer in page.items]


BUILT_WITH: list[ProductView] = at_import(_everything_in_full, [])
"""The products known when the pages were built; theirs are prerendered."""


class ShelfState(Visitor):
    """What the home page shows."""

    items: list[ShelfItem] = at_import(_everything, [])
    categories: list[str] = at_import(service.categories, [])
    category: str = ""

    @rx.event
    async def load(self) -> None:
        """Load what is for sale now, of the category in the URL if there is such a category."""
        await self._identity()
        wanted = self.router.url.query_parameters.get("category", "")
        async with database.read() as session:
            self.categories = await service.categories(session)
            self.category = wanted if wanted in self.categories else ""
            page = await service.list_products(session, category=self.category, limit=SHELF_SIZE)
        self.items = [shelf_item(offer) for offer in page.items]


class ProductState(Visitor):
    """What a product's page shows."""

    product: ProductView = ProductView()
    unknown: bool = False
    quantity: int = 1

    @rx.event
    async def load(self) -> None:
        """Load the product of this URL as it is now; one that is not for sale becomes a page that says so."""
        await self._identity()
        slug = self.router.url.path.rstrip("/").rpartition("/")[2][:80]
        if slug != self.product.slug:
            self.quantity = 1
        try:
            async with database.ask() as session:
                self.product = product_view(await service.get_product(session, slug), MOST_OF_ONE)
        except ProductNotFound:
            self.product, self.unknown = ProductView(), True
            return
        self.unknown = False
        self.quantity = min(self.quantity, max(self.product.most, 1))

    @rx.event
    def take_more(self) -> None:
        """Raise the quantity by one, up to what one order may take."""
        self.quantity = min(self.quantity + 1, max(self.product.most, 1))

    @rx.event
    def take_fewer(self) -> None:
        """Lower the quantity by one, down to one."""
        self.quantity = max(self.quantity - 1, 1)
