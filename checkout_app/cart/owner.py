"""Whose cart it is: who is signed in, and the browser, which may have had one before anybody signed in there."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Final

from checkout_app.auth.tokens import Claims
from checkout_app.cart.models import Cart
from checkout_app.core.settings import settings

KEPT_FOR: Final = timedelta(days=30)
"""How long a browser's cart is kept after somebody touched it last."""
_BYTES: Final = 32
_CHARACTERS: Final = 43
"""Of a secret, as it is written."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a cart, or a stranger who has none yet."""

    user_id: str = ""
    guest_id: str = ""
    """The guest they were until they signed in."""
    browser: str = ""
    """What is kept of the secret in their browser's cookie; empty when it has none."""

    @classmethod
    def of(cls, claims: Claims | None, cookies: Mapping[str, str]) -> "Owner":
        """Tell whose cart it is by who is signed in and what their browser sends."""
        browser = digest_of(cookies.get(cookie_name(), ""))
        return cls(browser=browser) if claims is None else cls(claims.user_id, claims.guest_id, browser)

    @property
    def is_nobody(self) -> bool:
        """Whether there is no cart that could be theirs."""
        return not (self.user_id or self.browser)

    def new_cart(self) -> Cart:
        """Make a cart of theirs, which is no version yet."""
        return Cart(user_id=self.user_id or None, browser=None if self.user_id else self.browser, version=0)


def cookie_name() -> str:
    """Return the name of the cookie by which a browser's cart is known."""
    return "__Host-cart" if settings().secure else "cart"


def new_secret() -> str:
    """Draw a secret for a browser that has none."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret; nothing of what can't be one. Nobody finds by it what was drawn from so many."""
    return hashlib.sha256(secret.encode()).hexdigest() if len(secret) == _CHARACTERS else ""


def cookies_in(header: str) -> Mapping[str, str]:
    """Read the cookies of a header, for who has only that."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
