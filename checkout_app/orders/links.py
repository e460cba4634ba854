"""Signed links: whoever holds one may see its order, without signing in and on any device, and nothing else.

They are signed with LINK_SECRET. Those from before there was one were signed with JWT_SECRET, and open their orders for
as long as that stays the same: nobody can be sent a new link who only has the old one.
"""

import hashlib
import hmac

from checkout_app.core.settings import settings

_LENGTH = 32


def key_for(order_id: str) -> str:
    """Return the key that opens one order's page."""
    return _signed(order_id, settings().link_secret)


def opens(order_id: str, key: str) -> bool:
    """Tell whether a key opens an order's page."""
    given = key.encode("utf-8", "replace")
    secrets = (settings().link_secret, settings().jwt_secret)
    return any(hmac.compare_digest(_signed(order_id, secret).encode(), given) for secret in secrets)


def page(order_id: str) -> str:
    """Return the path of an order's page, with its key."""
    return f"/orders/{order_id}?key={key_for(order_id)}"


def _signed(order_id: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"order-link:{order_id}".encode(), hashlib.sha256).hexdigest()[:_LENGTH]
