"""The JWT strategy: who presents this token, and is it still good.

A token's header says with which key it was signed, by a short hash, so two may be good at once. What was signed with
the previous secret stays good until it expires.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

import jwt
from sqlmodel import bindparam, col, exists, select

from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.core import clock, database, signing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement

LIFETIME = timedelta(days=14)
"""How long a sign-in lasts. It can be revoked sooner, at once, by its session row."""

_ALGORITHM = "HS256"
_ISSUER = "checkout"
_AUDIENCE = "sign-in"
_CHECKED: Final[Any] = {"require": ["exp", "sub", "sid"], "verify_iat": False}
"""A token that was issued while a clock was ahead is as good as any."""
_LONGEST = 1024
_KNOWN = 4096
"""How many tokens are remembered as signed by us."""
SIGNED_IN = exists().where(
    col(UserSession.id) == bindparam("session"),
    col(UserSession.user_id) == bindparam("user"),
    col(UserSession.revoked_at).is_(None),
    col(UserSession.expires_at) > bindparam("now"),
)
"""That a sign-in is still good, for a statement that finds nothing for anybody else; `Claims.asking` are its values."""
_WHO = Statement[User](select(User).where(User.id == bindparam("user"), SIGNED_IN))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token that we signed says. Its sign-in may have been ended since: the database has that word.

    Whoever acts on it makes `SIGNED_IN` part of what they ask anyway, and calls `confirm` when nothing was found.
    """

    user_id: str
    session_id: str
    guest_id: str = field(default="", kw_only=True)
    """The guest they were in this browser until they signed in; empty for most."""

    @property
    def known_as(self) -> list[str]:
        """Whose orders are theirs to take the place of."""
        return [self.user_id, self.guest_id] if self.guest_id else [self.user_id]

    def asking(self) -> dict[str, Any]:
        """Return the values of a statement with `SIGNED_IN` in it."""
        return {"session": self.session_id, "user": self.user_id, "now": clock.now()}


@dataclass(frozen=True, slots=True)
class Identity(Claims):
    """Who is asking, as the database has confirmed."""

    email: str
    name: str
    role: Role

    @classmethod
    def of(cls, claims: Claims, user: User) -> "Identity":
        """Tell who asks by what the token says and the row that was found for it."""
        return cls(user.id, claims.session_id, user.email, user.name, Role(user.role), guest_id=claims.guest_id)


def open_session(session: Session, user: User, *, guest_id: str = "") -> str:
    """Start a sign-in of whoever was a guest until now, if that is known, and return its token.

    The caller's transaction keeps it.
    """
    now = clock.now()
    row = UserSession(user_id=user.id, expires_at=now + LIFETIME)
    session.add(row)
    claims = {"iss": _ISSUER, "aud": _AUDIENCE, "sub": user.id, "sid": row.id, "iat": now, "exp": row.expires_at}
    claims |= {"guest": guest_id} if guest_id else {}
    key = _key(settings().jwt_secret)
    return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": signing.id_of(key)})


def read(token: str) -> Claims:
    """Check a token's signature and expiry; raises InvalidToken."""
    claims, expires_at = _read(token[:_LONGEST], settings().jwt_secrets)
    if expires_at <= clock.now().timestamp():
        raise InvalidToken
    return claims


@lru_cache(_KNOWN)
def _read(token: str, secrets: tuple[str, ...]) -> tuple[Claims, int]:
    """Check a token's signature, once for all requests that bring it; returns also when it expires."""
    try:
        said = _decode(token, secrets)
    except jwt.InvalidTokenError as error:
        raise InvalidToken from error
    return Claims(user_id=said["sub"], session_id=said["sid"], guest_id=said.get("guest", "")), said["exp"]


def _decode(token: str, secrets: tuple[str, ...]) -> dict[str, Any]:
    """Read a token with the key that it names; raises jwt.InvalidTokenError."""
    if (key_id := jwt.get_unverified_header(token).get("kid")) is None:
        return _decode_from_before(token, secrets)
    keys = {signing.id_of(key): key for key in map(_key, secrets)}
    if key_id not in keys:
        raise jwt.InvalidSignatureError
    return jwt.decode(
        token, keys[key_id], algorithms=[_ALGORITHM], issuer=_ISSUER, audience=_AUDIENCE, options=_CHECKED
    )


def _decode_from_before(token: str, secrets: tuple[str, ...]) -> dict[str, Any]:
    """Read a token of version 0.2.0 or older, which names neither key nor audience; raises jwt.InvalidTokenError.

    Each expires within 14 days, so this goes with the release after.
    """
    for secret in secrets:
        with contextlib.suppress(jwt.InvalidSignatureError):
            return jwt.decode(token, secret, algorithms=[_ALGORITHM], issuer=_ISSUER, options=_CHECKED)
    raise jwt.InvalidSignatureError


def _key(secret: str) -> bytes:
    return signing.key_for(signing.Purpose.SIGN_IN, secret)


async def confirm(claims: Claims) -> Identity:
    """Ask the database who somebody is and whether their sign-in is still good; raises InvalidToken."""
    async with database.ask() as session:
        user = (await session.exec(_WHO, **claims.asking())).one_or_none()
    if user is None:
        raise InvalidToken
    return Identity.of(claims, user)


async def validate(token: str) -> Identity:
    """Check a token's signature and expiry, then its session row; raises InvalidToken when anything is amiss."""
    return await confirm(read(token))
