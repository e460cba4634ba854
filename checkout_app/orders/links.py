"""Signed links: whoever holds one may see its order, without signing in and on any device, and nothing else.

They are signed with LINK_SECRET, and say with which key, so that several may be good at once. Those from before there
was a LINK_SECRET were signed with JWT_SECRET, and open their orders for as long as that stays, or is the previous one.
"""

from checkout_app.core import signing
from checkout_app.core.settings import settings

_LENGTH = 32


def key_for(order_id: str) -> str:
    """Return the key that opens one order's page: the id of what signed it, a dash, and the signature."""
    return _signed(order_id, settings().link_secret)


def opens(order_id: str, key: str) -> bool:
    """Tell whether a key opens an order's page."""
    secrets = (settings().link_secret, *settings().jwt_secrets)
    good = [make(order_id, secret) for secret in secrets for make in (_signed, _signed_before)]
    return any(signing.same(ours, key) for ours in good)


def page(order_id: str) -> str:
    """Return the path of an order's page, with its key."""
    return f"/orders/{order_id}?key={key_for(order_id)}"


def _signed(order_id: str, secret: str) -> str:
    key = signing.key_for(signing.Purpose.ORDER_LINK, secret)
    return f"{signing.id_of(key)}-{signing.sign(key, order_id.encode())[:_LENGTH]}"


def _signed_before(order_id: str, secret: str) -> str:
    """Return the key of links that were made up to version 0.2.0, by the secret itself.

    They lie in mails, and who has no other can't be sent a new one: needed until links end by themselves, or every
    secret that has signed one has been changed.
    """
    return signing.sign(secret.encode(), f"order-link:{order_id}".encode())[:_LENGTH]
