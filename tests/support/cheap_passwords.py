"""Passwords that are hashed quickly: tests make hundreds of accounts, and nobody guesses theirs."""

from typing import Literal

import bcrypt

_make_salt = bcrypt.gensalt


def _cheap(rounds: int = 4, prefix: bytes = b"2b") -> bytes:  # noqa: ARG001 - as bcrypt is called
    version: Literal[b"2a", b"2b"] = b"2a" if prefix == b"2a" else b"2b"
    return _make_salt(4, version)


def hash_cheaply() -> None:
    """Let this process hash passwords in a hundredth of the time."""
    bcrypt.gensalt = _cheap
