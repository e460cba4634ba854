"""What a product's page knows of who looks at it; what it shows is the same for everybody, and no state."""

import reflex as rx

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import InvalidToken
from checkout_app.orders import unpaid
from checkout_app.ui.visitor import Visitor, open_to

_LONGEST_SLUG = 80


class ProductState(Visitor):
    """Whether its visitor has ordered the product and not paid: what they hold themselves may be all there was."""

    product: str = ""
    """The slug that this is about; on the page of any other product it is out of date."""
    unpaid_order: str = ""
    """The path of that order; empty when there is none."""

    @rx.event
    @open_to(Caller.ANYBODY)
    async def load(self) -> None:
        """Load the unpaid order of the product in the URL."""
        await self._show_visitor()
        slug = self.router.url.path.rstrip("/").rpartition("/")[2][:_LONGEST_SLUG]
        order_id = await self._unpaid(slug) if self.signed_in else None
        self._set(product=slug, unpaid_order=f"/orders/{order_id}" if order_id else "")

    async def _unpaid(self, slug: str) -> str | None:
        try:
            return await unpaid.of_product(guard.claims_in(self.router.headers.cookie), slug)
        except InvalidToken:  # it was good when the tab came
            return None
