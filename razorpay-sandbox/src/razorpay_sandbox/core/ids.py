"""Identifiers as Razorpay writes them: a prefix and 14 base62 characters that grow with time."""

import hashlib
import re
import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ORIGIN: Final = 1_388_534_400  # 2014-01-01; makes the first character of today's ids agree with Razorpay's
_SHAPE: Final = re.compile(r"[a-z]+_[0-9A-Za-z]{14}")


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def bare(now: float) -> str:
    """Make 14 base62 characters: ten of nanoseconds, four random."""
    moment = max(int((now - _ORIGIN) * 1e9), 0)
    return _base62(moment, 10) + _base62(secrets.randbelow(62**4), 4)


def new(prefix: str, now: float) -> str:
    """Make an id such as ``order_Rp71ACiILzaij7``."""
    return f"{prefix}_{bare(now)}"


def derived(prefix: str, text: str) -> str:
    """Make the id that always belongs to ``text``; used for accounts, which are born with their key."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
    return f"{prefix}_{_base62(number, 14)}"


def is_valid(value: str, prefix: str) -> bool:
    """Say whether ``value`` has the shape of an id with this prefix."""
    return value.startswith(f"{prefix}_") and _SHAPE.fullmatch(value) is not None
