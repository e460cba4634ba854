"""Passwords: which may be one, how they are kept, and how they are compared.

Each comparison takes a quarter of a second of a processor on purpose. So only so many are under way, and few from one
place: whoever tries thousands slows down nobody but themselves.
"""

import asyncio
import hashlib
import os
import sys
import threading
import unicodedata
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from pwdlib import PasswordHash
from pwdlib.hashers.bcrypt import BcryptHasher

from checkout_app.core.errors import InvalidInput, RateLimited
from checkout_app.core.settings import settings

SHORTEST: Final = 8
LONGEST: Final = 128
MOST_WAITING: Final = 24
"""How many comparisons may wait or be under way at once: the last of them is done within a few seconds."""
MOST_OF_ONE: Final = 4
"""How many of these one place may have, so that there is room for others."""
_COMMON: Final = Path(__file__).with_name("common_passwords.txt")
"""The 3,000 that stand in leaks most often and are long enough, by the lists that are made of those; a line each."""

Made = TypeVar("Made")


class _Digested(BcryptHasher):
    """bcrypt over a digest: by itself it reads 72 bytes and no further, which are 24 letters in many scripts.

    What it made is told from older hashes by the mark of bcrypt's version, which fits into the same column.
    """

    def __init__(self) -> None:
        super().__init__(prefix="2a")

    @classmethod
    def identify(cls, hash: str | bytes) -> bool:  # noqa: A002 - as pwdlib calls it
        """Tell whether a hash is one of these."""
        return hash.startswith("$2a$") if isinstance(hash, str) else hash.startswith(b"$2a$")

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Hash a password, however long it is."""
        return super().hash(_digest(password), salt=salt)

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        """Compare a password with a hash."""
        return super().verify(_digest(password), hash)


class _Plain(BcryptHasher):
    """bcrypt over what was typed, as passwords were kept up to version 0.2.0."""

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        """Compare a password with a hash; bcrypt itself refuses what is longer than it reads."""
        typed = password.encode() if isinstance(password, str) else password
        return len(typed) <= 72 and super().verify(typed, hash)  # noqa: PLR2004 - bytes that bcrypt reads


_SCHEMES: Final = PasswordHash((_Digested(), _Plain()))
"""The first is how passwords are kept from now on; what was kept by another is kept anew when it is next proved."""


def require_fit(password: str, *, of: str = "") -> None:
    """Refuse a password that can't be one; `of` is the e-mail address of whose it is to be. Raises InvalidInput."""
    password = _normal(password)
    if len(password) < SHORTEST:
        raise InvalidInput({"password": f"Use at least {SHORTEST} characters."})
    if len(password) > LONGEST:
        raise InvalidInput({"password": f"Use at most {LONGEST} characters."})
    if password.lower() in _common():
        raise InvalidInput({"password": "Many people have this password, so it is tried first. Use another one."})
    if _letters(password) in _own_words(of):
        raise InvalidInput({"password": "This is the shop's name or your own, so it is tried first. Use another one."})


def _own_words(email: str) -> frozenset[str]:
    """Return what somebody who knows the shop and an address would try; digits and signs make no difference."""
    host = urlsplit(settings().public_url).hostname or ""
    words = (settings().shop_name, host, *host.split("."), email, email.partition("@")[0])
    return frozenset(filter(None, map(_letters, words)))


def _letters(word: str) -> str:
    return "".join(letter for letter in _normal(word).lower() if letter.isalpha())


async def digest(password: str, *, of: str = "") -> str:
    """Hash a password for keeping; `of` names the place it comes from. Raises RateLimited when too many wait."""
    return await _beside(of, lambda: _SCHEMES.hash(_normal(password)))


async def matches(password: str, kept: str | None, *, of: str = "") -> tuple[bool, str | None]:
    """Compare a password with a kept hash; does the same work when there is none, so that time tells nothing.

    Returns also what is to be kept instead, when the scheme has moved on. Raises RateLimited when too many wait.
    """
    equal, moved = await _beside(of, lambda: _compare(password, kept or _nobodys()))
    return equal and kept is not None, moved if equal else None


def _compare(password: str, kept: str) -> tuple[bool, str | None]:
    old = _Plain.identify(kept) and not _Digested.identify(kept)
    return _SCHEMES.verify_and_update(password if old else _normal(password), kept)


async def _beside(of: str, work: Callable[[], Made]) -> Made:
    """Do work beside the event loop, in its turn; raises RateLimited when too much waits already."""
    if _waiting.total() >= MOST_WAITING or (of and _waiting[of] >= MOST_OF_ONE):
        raise RateLimited(retry_after=2)
    _waiting[of] += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_workers(), work)
    finally:
        _waiting[of] -= 1
        if not _waiting[of]:
            del _waiting[of]


_waiting: Final = Counter[str]()
"""How much is under way, by the place it came from."""


_YIELDING: Final = 10
"""How nice a thread is that compares: it gets a tenth of a processor that is wanted by others all the time."""


@cache
def _workers() -> ThreadPoolExecutor:
    """Make the threads that compare: one processor is left to everybody else, who go first on the others too."""
    return ThreadPoolExecutor(
        max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="passwords", initializer=_let_others_go_first
    )


def _let_others_go_first() -> None:
    """Take little of a processor that others want: who buys notices nothing of who tries passwords, by the thousand."""
    if sys.platform == "linux":  # where a thread has a priority of its own
        with suppress(OSError):  # unless whoever runs the shop forbids it
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, max(_YIELDING, os.getpriority(os.PRIO_PROCESS, thread)))


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text().split("\n"))


@lru_cache
def _nobodys() -> str:
    """Return the hash that is compared with where there is no account."""
    return _SCHEMES.hash("nobody has this password")


def _normal(password: str) -> str:
    """Write a password in the one way among those that look the same: keyboards differ in which they type."""
    return unicodedata.normalize("NFC", password)


def _digest(password: str | bytes) -> bytes:
    typed = password.encode() if isinstance(password, str) else password
    return b64encode(hashlib.sha256(typed).digest())  # without a zero byte, at which bcrypt would stop
