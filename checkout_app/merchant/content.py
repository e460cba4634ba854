"""What is on the pages of the back office, by their addresses, for who looks at them."""

from typing import Final
from urllib.parse import quote

from checkout_app.auth.errors import FactorWanted, NotPermitted
from checkout_app.auth.tokens import Identity
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.delivery.errors import ZoneNotFound
from checkout_app.journal import issues
from checkout_app.merchant.audit_log.content import audit_log
from checkout_app.merchant.categories.content import categories
from checkout_app.merchant.complaints.content import complaints
from checkout_app.merchant.coupons.content import coupons
from checkout_app.merchant.desk import Asked, Room
from checkout_app.merchant.imports.content import imports
from checkout_app.merchant.live.content import live
from checkout_app.merchant.needs.content import needs
from checkout_app.merchant.orders.content import orders
from checkout_app.merchant.people.content import people
from checkout_app.merchant.policies.content import policies
from checkout_app.merchant.products.content import products
from checkout_app.merchant.shop.content import shop
from checkout_app.merchant.today.content import today
from checkout_app.merchant.today.views import TODAY
from checkout_app.merchant.webhooks.content import webhooks
from checkout_app.merchant.zones.content import delivery
from checkout_app.orders.errors import OrderNotFound
from checkout_app.payments.errors import WebhookNotFound
from checkout_app.seller.policies.errors import PolicyNotFound
from checkout_app.shopfront import service
from checkout_app.shopfront.service import Content

_ROOMS: Final[tuple[Room, ...]] = (
    *(today, orders, needs, webhooks, imports, products, categories, coupons, delivery),
    *(shop, policies, complaints, live, people),
    audit_log,
)
"""Each says what is on its own pages, and nothing of others."""
_LED_NOWHERE: Final = (
    *(InvalidInput, NotPermitted, OrderNotFound, PolicyNotFound, ProductNotFound),
    *(WebhookNotFound, ZoneNotFound),
)
"""What is raised at an address to which the back office leads nobody."""


def is_below(path: str) -> bool:
    """Tell whether a path is of the back office."""
    return path == TODAY or path.startswith(f"{TODAY}/")


def way_in(unknown: ShopError, path: str, query: str) -> str:
    """Return where somebody says who they are, or shows their second factor, and comes back from to an address."""
    page = "/second-factor" if isinstance(unknown, FactorWanted) else "/login"
    return f"{page}?next={quote(f'{path}?{query}' if query else path, safe='')}"


async def content(path: str, asked: Asked, person: Identity) -> Content:
    """Return what is on the page of a path, and how much waits for a person; `asked` is the query of its address."""
    try:
        for room in _ROOMS:
            if found := await room(path.rstrip("/"), asked, person):
                return service.also_telling(found, waits=await issues.count_open())
    except _LED_NOWHERE:
        pass
    return await service.nothing("/-")
