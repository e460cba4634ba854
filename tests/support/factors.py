"""The app of somebody who runs the shop, which shows the digits of their second factor."""

import httpx
from pyotp import TOTP

from checkout_app.core import clock

STEP = 30
"""Seconds for which it shows the same digits."""


def digits(secret: str, *, steps: int = 0) -> str:
    """Return what it shows so many half minutes from now."""
    return TOTP(secret).at(int(clock.now().timestamp()) + steps * STEP)


def set_up(client: httpx.Client) -> list[str]:
    """Set it up for who is signed in at the API, which shows it; returns the codes for when it is lost."""
    begun = client.post("/auth/factor").raise_for_status().json()
    confirmed = client.post("/auth/factor/confirm", json={"code": digits(begun["secret"])})
    codes: list[str] = confirmed.raise_for_status().json()["codes"]
    return codes
