"""What the cart's page shows, and what its forms and those of products do."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from checkout_app.cart import service as carts
from checkout_app.cart.contents import Contents
from checkout_app.cart.owner import Owner
from checkout_app.core.errors import InvalidInput
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.cart.views import cart_view, things
from checkout_app.shopfront.service import Content, own_page

PATH: Final = "/cart"
_MOST_DIGITS: Final = 9


async def content(cart: Contents) -> Content:
    """Return what is on the page of a cart, which is for one person and for one moment."""
    return own_page(PATH, "Your cart", asdict(cart_view(cart)), await presentation())


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
    return await carts.add(owner, given["product"], quantity)


def added(cart: Contents) -> str:
    """Say that something was added."""
    return f"Added. There {'is' if cart.units == 1 else 'are'} {things(cart.units)} in your cart."


def _number(given: Mapping[str, str], name: str) -> int:
    text = given[name]
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInput({name: "This is not a number."})
    return int(text)
