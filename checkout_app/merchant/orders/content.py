"""What is on the pages of orders, by their addresses."""

from collections.abc import Sequence
from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.fulfilment.parcels import Sent
from checkout_app.merchant.desk import Asked, day_in, first
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.chosen import chosen
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.orders.one_view import one_order_view
from checkout_app.merchant.orders.possible import possible
from checkout_app.merchant.orders.sheets_view import labels_view, slips_view
from checkout_app.merchant.orders.together_view import together_view
from checkout_app.merchant.orders.views import LABELS, ORDERS, SLIPS, TOGETHER, Asking, orders_view
from checkout_app.merchant.orders.whole import whole
from checkout_app.seller.presentation import presentation
from checkout_app.seller.registration import registration
from checkout_app.seller.states import STATES
from checkout_app.shopfront.service import Content, own_page


async def orders(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the list of orders, one or several of them; None for the path of anything else.

    Raises OrderNotFound, InvalidInput.
    """
    if path == ORDERS:
        return await _orders(asked, person)
    if path == TOGETHER:
        return await _together(asked, person)
    if path == SLIPS:
        return await _slips(asked, person)
    if path == LABELS:
        return await _labels(asked, person)
    folder, _, name = path.rpartition("/")
    if folder == ORDERS and name.isascii() and name.isalnum() and len(name) <= ids.ID_LENGTH:
        return await _order(name, person)
    return None


async def _orders(asked: Asked, person: Identity) -> Content:
    words = {name: first(asked, name) for name in ("view", "search", "cursor")}
    view = View(words["view"]) if words["view"] in set(View) else View.TO_SHIP
    sought = Asking(view, words["search"], day_in(asked), words["cursor"])
    page = await listing.list_orders(view, search=sought.search, day=sought.day, cursor=sought.cursor or None)
    shown = orders_view(person, sought, page, await listing.counts())
    return own_page(ORDERS, "Orders", asdict(shown), await presentation())


async def _order(order_id: str, person: Identity) -> Content:
    found = await whole(order_id)
    shown = one_order_view(person, found, await possible(found.record))
    return own_page(f"{ORDERS}/-", f"Order {shown.number}", asdict(shown), await presentation())


async def _together(asked: Asked, person: Identity) -> Content:
    shown = together_view(person, await _chosen(asked))
    return own_page(TOGETHER, shown.title, asdict(shown), await presentation())


async def _slips(asked: Asked, person: Identity) -> Content:
    shop = await presentation()
    return own_page(SLIPS, "Packing slips", asdict(slips_view(person, await _chosen(asked), shop.name)), shop)


async def _labels(asked: Asked, person: Identity) -> Content:
    shop, known = await presentation(), await registration()
    shown = labels_view(person, await _chosen(asked), shop.name, STATES.get(known.state, ""))
    return own_page(LABELS, "Address labels", asdict(shown), shop)


async def _chosen(asked: Asked) -> Sequence[Sent]:
    return await chosen(asked.get("ids", ()))
