"""Signed links: whoever holds one may see its order, without signing in and on any device, and nothing else.

They are signed with LINK_SECRET, and say with which key, so that those of the one before it may be good as well. Those
from before there was a LINK_SECRET were signed with JWT_SECRET, and open their orders for as long as that stays, or is
the previous one.
The buyer may end all links of an order: how often that was done is signed too, from the first time on.
"""

from collections.abc import Iterator

from checkout_app.core import signing
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order

_LENGTH = 32


def key_for(order: Order) -> str:
    """Return the key that opens an order's page: the id of what signed it, a dash, and the signature."""
    return _signed(order, settings().link_secret)


def opens(order: Order, key: str) -> bool:
    """Tell whether a key opens an order's page."""
    return any(signing.same(ours, key) for ours in _good(order))


def page(order: Order) -> str:
    """Return the path of an order's page, with its key."""
    return f"/orders/{order.id}?key={key_for(order)}"


def _good(order: Order) -> Iterator[str]:
    """Make every key that opens an order."""
    for secret in dict.fromkeys((*settings().link_secrets, *settings().jwt_secrets)):
        yield _signed(order, secret)
        if not order.links_ended:
            yield _signed_before(order, secret)


def _signed(order: Order, secret: str) -> str:
    key = signing.key_for(signing.Purpose.ORDER_LINK, secret)
    # Links of an order of which none was ended are signed as they were before any could be.
    what = f"{order.id} {order.links_ended}" if order.links_ended else order.id
    return f"{signing.id_of(key)}-{signing.sign(key, what.encode())[:_LENGTH]}"


def _signed_before(order: Order, secret: str) -> str:
    """Return the key of links that were made up to version 0.2.0, by the secret itself.

    They lie in mails, and who has no other can't be sent a new one: needed until links end by themselves, or every
    secret that has signed one has been changed.
    """
    return signing.sign(secret.encode(), f"order-link:{order.id}".encode())[:_LENGTH]
