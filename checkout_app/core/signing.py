"""How the shop signs: HMAC-SHA256, and for each purpose of its own a key that is made of a secret of the settings.

So a signature that was made for one thing proves nothing about another, even where one secret serves both.
"""

import hashlib
import hmac
from enum import StrEnum

_ID_LENGTH = 8


class Purpose(StrEnum):
    """What keys are for; its words are in every signature, so they never change."""

    SIGN_IN = "sign-in"
    ORDER_LINK = "order-link"
    FILE_LINK = "file-link"
    ORDERED_FROM = "ordered-from"
    MAILED_LINK = "mailed-link"
    MAILED_CODE = "mailed-code"
    SECOND_FACTOR = "second-factor"
    RECOVERY_CODE = "recovery-code"
    COUPON_USED = "coupon-used"
    QUOTE = "quote"


def key_for(purpose: Purpose, secret: str) -> bytes:
    """Make the key of a purpose; nobody finds the secret by it, or the key of another purpose."""
    return hmac.digest(secret.encode(), f"checkout key for {purpose}".encode(), "sha256")


def id_of(key: bytes) -> str:
    """Return what tells a key from others and is told to everybody: a short hash of it."""
    return hashlib.sha256(key).hexdigest()[:_ID_LENGTH]


def sign(key: bytes, message: bytes) -> str:
    """Return the signature of a message, as hexadecimal digits."""
    return hmac.digest(key, message, "sha256").hex()


def same(ours: str, given: str) -> bool:
    """Tell whether a signature is the given one, which may be any text; the time it takes says nothing."""
    return hmac.compare_digest(ours.encode(), given.encode(errors="replace"))
