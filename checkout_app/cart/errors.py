"""What a cart refuses."""

from collections.abc import Mapping
from typing import Any

from checkout_app.core.errors import ShopError


class CartChanged(ShopError):
    """The cart is another one than the one that was to be changed; `cart` is what it is now."""

    status = 409
    code = "cart_changed"
    sentence = "Your cart was changed elsewhere. Here it is as it is now."

    def __init__(self, cart: Mapping[str, Any]) -> None:
        super().__init__()
        self.cart = cart


class LineNotFound(ShopError):
    """No such line in this cart."""

    status = 404
    code = "line_not_found"
    sentence = "This is not in your cart any more."
