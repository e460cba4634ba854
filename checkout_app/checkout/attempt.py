"""One purchase that somebody is making, as the checkout's URL asks for it: one thing by itself, or their cart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from checkout_app.auth.tokens import Claims
from checkout_app.cart import service as carts
from checkout_app.cart.owner import Owner, cookies_in
from checkout_app.checkout.quote import Item
from checkout_app.core.ids import new_id

_WHAT: Final = ("variant", "product")
"""What is named in a URL that asks for one thing; the first of them counts."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One purchase somebody is making, and the key under which its order is made once.

    Two attempts are equal when they are about the same purchase, whatever their keys.
    """

    buyer_id: str
    items: tuple[Item, ...]
    """What is bought, as the service takes it; nothing where nothing is chosen."""
    cart_id: str | None = None
    """The cart that this is all of; None for what is bought by itself."""
    key: str = field(default_factory=new_id, compare=False)

    @property
    def product(self) -> str:
        """What is bought by itself, a product or a variant; empty when it is a cart."""
        return self.items[0].name if self.items and self.cart_id is None else ""

    def goes_on_as(self, wanted: "Attempt", *, begun: bool) -> bool:
        """Tell whether this is what is wanted; one that has begun to be paid is, whatever becomes of its cart."""
        return self == wanted or (begun and self.cart_id is not None and self.cart_id == wanted.cart_id)


async def wanted_by(buyer: Claims, query: Mapping[str, str], cookies: str) -> Attempt:
    """Return what somebody wants to buy: what a URL's query asks for, or else what is in their cart now."""
    if what := _what(query):
        name, quantity = query[what][:80], _whole_number(query.get("quantity", "1"))
        return Attempt(buyer.user_id, (Item(name, quantity),) if name else ())
    cart = await carts.contents(Owner.of(buyer, cookies_in(cookies)))
    items = tuple(Item(line.offer_id, line.quantity) for line in cart.lines)
    return Attempt(buyer.user_id, items, cart.cart_id)


def query_of(query: Mapping[str, str]) -> str:
    """Return what names this purchase in a URL's query, and no more of it than that."""
    what = _what(query)
    if what is None:
        return ""
    return f"?{urlencode({what: query[what][:80], 'quantity': _whole_number(query.get('quantity', '1'))})}"


def _what(query: Mapping[str, str]) -> str | None:
    return next((what for what in _WHAT if what in query), None)


def _whole_number(text: str) -> int:
    """Read a quantity from a URL; what is not one asks for none, which the service refuses."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0  # noqa: PLR2004 - more digits than any limit
