"""Passwords: how they are kept and compared."""

import asyncio
from functools import lru_cache

import bcrypt

from checkout_app.core.errors import InvalidInput

SHORTEST = 8
LONGEST_BYTES = 72
"""bcrypt reads no further, so a longer password would only seem safer."""


@lru_cache
def _nobodys() -> bytes:
    """Return the hash that is compared with where there is no account."""
    return bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt())


def require_fit(password: str) -> None:
    """Refuse a password that can't be one; raises InvalidInput."""
    if len(password) < SHORTEST:
        raise InvalidInput({"password": f"Use at least {SHORTEST} characters."})
    if len(password.encode()) > LONGEST_BYTES:
        raise InvalidInput({"password": f"Use at most {LONGEST_BYTES} characters."})


async def digest(password: str) -> str:
    """Hash a password for keeping. Runs beside the event loop, since it takes a quarter of a second on purpose."""
    return (await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt())).decode()


async def matches(password: str, kept: str | None) -> bool:
    """Compare a password with a kept hash; does the same work when there is none, so that time tells nothing."""
    given = password.encode()[:LONGEST_BYTES]
    equal = await asyncio.to_thread(lambda: bcrypt.checkpw(given, kept.encode() if kept else _nobodys()))
    return equal and kept is not None
