"""What the cart's page shows, and what its forms and those of products do."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

from checkout_app.cart import service as carts
from checkout_app.cart.contents import Contents
from checkout_app.cart.models import MAX_LINES
from checkout_app.cart.owner import Owner
from checkout_app.checkout.quote import Item, quote_for_anybody
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.delivery.address import Destination
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.delivery.places import place_of
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.cart.again import Wanted
from checkout_app.shopfront.cart.views import WayView, again_view, cart_view, things, way_view
from checkout_app.shopfront.service import Content, own_page

PATH: Final = "/cart"
_MOST_DIGITS: Final = 9


async def content(cart: Contents, pin: str, wanted: Wanted | None = None) -> Content:
    """Return what is on the page of a cart, for one person and for one moment.

    `pin` is where they live, if known, and `wanted` an order that they wanted again, if they come from one.
    """
    way = await _way(cart, pin) if cart.lines and cart.can_be_had else WayView()
    view = cart_view(cart, way)
    if wanted:
        view = replace(view, again=again_view(wanted, full=len(cart.lines) == MAX_LINES))
    return own_page(PATH, "Your cart", asdict(view), await presentation())


async def _way(cart: Contents, pin: str) -> WayView:
    """Say what it costs to send a cart to a PIN, which is enough where that is in one State."""
    place = place_of(pin) if pin else None
    to = Destination(pin, place.state) if place and place.state else None
    try:
        priced = await quote_for_anybody([Item(line.offer_id, line.quantity) for line in cart.lines], to=to)
    except NotDeliverable as refused:
        return WayView(asks=True, pin=pin, hint=refused.detail)
    except ShopError:  # the checkout says it, or the cart itself when it is shown the next time
        return WayView()
    return way_view(priced, pin)


async def take(owner: Owner, given: Mapping[str, str]) -> Contents:
    """Do what a form asks for: add to the cart, or let another number of units be in a line, none of them as well.

    Raises what `carts.add` and `carts.set_quantity` raise.
    """
    quantity = _number(given, "quantity")
    if line_id := given["line"]:
        version = _number(given, "version")
        if quantity == 0:
            return await carts.remove(owner, line_id, version=version)
        return await carts.set_quantity(owner, line_id, quantity, version=version)
    return await carts.add(owner, given["variant"] or given["product"], quantity)


def added(cart: Contents) -> str:
    """Say that something was added."""
    return f"Added. There {'is' if cart.units == 1 else 'are'} {things(cart.units)} in your cart."


def _number(given: Mapping[str, str], name: str) -> int:
    text = given[name]
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInput({name: "This is not a number."})
    return int(text)
