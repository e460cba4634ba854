"""Signed links: whoever holds one may see its order, without signing in and on any device, and nothing else."""

import hashlib
import hmac

from checkout_app.core.settings import settings

_LENGTH = 32


def key_for(order_id: str) -> str:
    """Return the key that opens one order's page."""
    secret = settings().jwt_secret.encode()
    return hmac.new(secret, f"order-link:{order_id}".encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def opens(order_id: str, key: str) -> bool:
    """Tell whether a key opens an order's page."""
    return hmac.compare_digest(key_for(order_id).encode(), key.encode("utf-8", "replace"))


def page(order_id: str) -> str:
    """Return the path of an order's page, with its key."""
    return f"/orders/{order_id}?key={key_for(order_id)}"
