"""What is on the pages of the back office, by their addresses, for who looks at them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final
from urllib.parse import quote

from checkout_app.auth.errors import FactorWanted
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.orders.one_view import one_order_view
from checkout_app.merchant.orders.possible import possible
from checkout_app.merchant.orders.views import ORDERS, orders_view
from checkout_app.merchant.orders.whole import whole
from checkout_app.orders.errors import OrderNotFound
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront import service
from checkout_app.shopfront.service import Content, own_page

PATH: Final = "/merchant"
ENTRANCE: Final = ORDERS
"""The page that it begins with."""
Asked = Mapping[str, Sequence[str]]


def is_below(path: str) -> bool:
    """Tell whether a path is of the back office."""
    return path == PATH or path.startswith(f"{PATH}/")


def way_in(unknown: ShopError, path: str, query: str) -> str:
    """Return where somebody says who they are, or shows their second factor, and comes back from to an address."""
    page = "/second-factor" if isinstance(unknown, FactorWanted) else "/login"
    return f"{page}?next={quote(f'{path}?{query}' if query else path, safe='')}"


async def content(path: str, asked: Asked, person: Identity) -> Content:
    """Return what is on the page of a path; `asked` is the query of its address."""
    place = path.rstrip("/")
    try:
        if place == ORDERS:
            return await _orders(asked, person)
        folder, _, name = place.rpartition("/")
        if folder == ORDERS and name.isascii() and name.isalnum() and len(name) <= ids.ID_LENGTH:
            return await _order(name, person)
    except (InvalidInput, OrderNotFound):  # no address that the back office leads to
        pass
    return await service.nothing("/-")


async def _orders(asked: Asked, person: Identity) -> Content:
    words = {name: next(iter(asked.get(name, ())), "") for name in ("view", "search", "cursor")}
    view = View(words["view"]) if words["view"] in set(View) else View.TO_SHIP
    page = await listing.list_orders(view, search=words["search"], cursor=words["cursor"] or None)
    shown = orders_view(person, view, words["search"], words["cursor"], page, await listing.counts())
    return own_page(ORDERS, "Orders", asdict(shown), await presentation())


async def _order(order_id: str, person: Identity) -> Content:
    found = await whole(order_id)
    shown = one_order_view(person, found, await possible(found.record))
    return own_page(f"{ORDERS}/-", f"Order {shown.number}", asdict(shown), await presentation())
