"""The pages of the back office: all their addresses, and what is on them for an owner of the shop."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy import Engine

import checkout_app.checkout_app  # noqa: F401 - where all pages are put together
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core.ids import new_id
from checkout_app.merchant import content
from checkout_app.shopfront.service import Content
from checkout_app.ui.page import _registered
from tests.support.bulk_rest import TO_SEND
from tests.support.zones import HOME

PAGES: Final[Mapping[str, Caller]] = {
    "/merchant": Caller.SHOP,
    "/merchant/orders?view=all": Caller.SHOP,
    "/merchant/orders/{order_id}": Caller.SHOP,
    "/merchant/orders/together?ids={order_id}": Caller.SHOP,
    "/merchant/orders/slips?ids={order_id}": Caller.SHOP,
    "/merchant/orders/labels?ids={order_id}": Caller.SHOP,
    "/merchant/needs": Caller.SHOP,
    "/merchant/needs/webhooks": Caller.SHOP,
    "/merchant/needs/webhooks?payment={payment_id}": Caller.SHOP,
    "/merchant/needs/webhooks/{webhook_id}": Caller.SHOP,
    "/merchant/products": Caller.SHOP,
    "/merchant/products/new": Caller.OWNER,
    "/merchant/products/import": Caller.SHOP,
    "/merchant/products/{product_id}": Caller.SHOP,
    "/merchant/categories": Caller.SHOP,
    "/merchant/coupons": Caller.SHOP,
    "/merchant/delivery": Caller.SHOP,
    "/merchant/delivery/new": Caller.OWNER,
    "/merchant/delivery/{zone_id}": Caller.SHOP,
    "/merchant/shop": Caller.SHOP,
    "/merchant/shop/live": Caller.SHOP,
    "/merchant/shop/policies": Caller.SHOP,
    "/merchant/shop/policies/privacy": Caller.SHOP,
    "/merchant/shop/complaints": Caller.SHOP,
    "/merchant/people": Caller.OWNER,
    "/merchant/audit?group=money": Caller.OWNER,
}
"""For whom each is; names in braces stand for what a shop has."""
ROUTES: Final = frozenset(route for route in _registered if content.is_below(route))


def route_of(address: str) -> str:
    """Return the route of the page at an address; nothing when there is none."""
    path = address.partition("?")[0]
    fit = [route for route in ROUTES if re.fullmatch(re.sub(r"\[\w+\]", "[^/]+", route), path)]
    return path if path in fit else next(iter(fit), "")


async def opened(address: str) -> Content:
    """Return what is on the page of an address."""
    path, _, query = address.partition("?")
    owner = Identity(new_id(), new_id(), "meera@example.in", "Meera", Role.OWNER)
    return await content.content(path, parse_qs(query), owner)


def addresses(engine: Engine, together: int) -> Mapping[str, str]:
    """Return at which address each page of the back office has much to tell, with so many orders that are chosen."""
    with engine.connect() as connection:
        one = {
            name: connection.exec_driver_sql(f"SELECT max({key}) FROM {table}").scalar_one()  # noqa: S608 - our names
            for name, key, table in (
                ("order_id", "order_id", "refunds"),
                ("payment_id", "payment_id", "refunds"),
                ("product_id", "id", "products"),
                ("webhook_id", "id", "webhook_events"),
            )
        }
        chosen = connection.exec_driver_sql(TO_SEND).scalars().all()[:together]
    many = {**one, "order_id": "&ids=".join(chosen)}
    return {page: page.format(zone_id=HOME.id, **(many if "ids=" in page else one)) for page in PAGES}
