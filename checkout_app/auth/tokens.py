"""The JWT strategy: who presents this token, and is it still good.

A token's header says with which key it was signed, by a short hash, so two may be good at once. What was signed with
the previous secret stays good until it expires.
"""

import contextlib
import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import jwt
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased
from sqlmodel import and_, bindparam, col, exists, func, or_, select, update

from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.lifetimes import BUYERS, SEEN_EVERY, SHOP, SHOWN_LATELY, lifetime_of
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.core import clock, database, signing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement

_ALGORITHM = "HS256"
_ISSUER = "checkout"
_AUDIENCE = "sign-in"
_CHECKED: Final[Any] = {"require": ["exp", "sub", "sid"], "verify_iat": False}
"""A token that was issued while a clock was ahead is as good as any."""
_LONGEST = 1024
_KNOWN = 4096
"""How many tokens are remembered as signed by us."""
_its, _whose = aliased(UserSession), aliased(User)
"""A sign-in and whose it is, in a statement that may ask for other rows of the same tables."""
_its_seen = func.coalesce(_its.seen_at, _its.created_at)
SIGNED_IN = exists().where(
    col(_its.id) == bindparam("session"),
    col(_its.user_id) == bindparam("user"),
    col(_its.revoked_at).is_(None),
    col(_its.expires_at) > bindparam("now"),
    col(_whose.id) == col(_its.user_id),
    or_(
        and_(*(col(_whose.role) != role for role in Caller.SHOP.roles), _its_seen > bindparam("seen_since")),
        # By when it began, because who is taken on by the shop may have signed in as a customer.
        and_(_its_seen > bindparam("shop_seen_since"), col(_its.created_at) > bindparam("shop_begun_since")),
    ),
)
"""That a sign-in is still good, for a statement that finds nothing for anybody else; `Claims.asking` are its values."""
_seen = func.coalesce(UserSession.seen_at, UserSession.created_at)
_LONG_AGO = _seen < bindparam("seen_before")
_WHO = Statement[tuple[User, datetime | None, bool]](
    select(User, UserSession.factor_at, _LONG_AGO)
    .join(UserSession, col(UserSession.user_id) == col(User.id))
    .where(User.id == bindparam("user"), col(UserSession.id) == bindparam("session"), SIGNED_IN)
)
_SEE = Statement[None](
    update(UserSession).where(col(UserSession.id) == bindparam("session"), _LONG_AGO).values(seen_at=bindparam("now"))
)


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
        now = clock.now()
        return {
            "session": self.session_id,
            "user": self.user_id,
            "now": now,
            "seen_since": now - BUYERS.idle,
            "shop_seen_since": now - SHOP.idle,
            "shop_begun_since": now - SHOP.absolute,
        }


@dataclass(frozen=True, slots=True)
class Identity(Claims):
    """Who is asking, as the database has confirmed."""

    email: str
    name: str
    role: Role
    factor_at: datetime | None = field(default=None, kw_only=True)
    """When they showed their second factor last in this sign-in."""

    @classmethod
    def of(cls, claims: Claims, user: User, factor_at: datetime | None = None) -> "Identity":
        """Tell who asks by what the token says and the row that was found for it."""
        return cls(
            user.id,
            claims.session_id,
            user.email,
            user.name,
            Role(user.role),
            guest_id=claims.guest_id,
            factor_at=factor_at,
        )

    def has_shown_lately(self) -> bool:
        """Tell whether they showed their second factor so lately that it must be them who ask."""
        return self.factor_at is not None and self.factor_at > clock.now() - SHOWN_LATELY


def still_good(role: Role) -> tuple[Any, ...]:
    """Return the conditions under which a sign-in of somebody of a role is still good."""
    now, lasts = clock.now(), lifetime_of(role)
    return (
        col(UserSession.revoked_at).is_(None),
        col(UserSession.expires_at) > now,
        _seen > now - lasts.idle,
        col(UserSession.created_at) > now - lasts.absolute,
    )


def open_session(session: Session, user: User, *, guest_id: str = "") -> str:
    """Start a sign-in of whoever was a guest until now, if that is known, and return its token.

    The caller's transaction keeps it.
    """
    now = clock.now()
    row = UserSession(user_id=user.id, expires_at=now + lifetime_of(user.role).absolute, seen_at=now)
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


def seconds_left(token: str) -> int:
    """Return how long a token of ours is good at most; raises InvalidToken."""
    _, expires_at = _read(token, settings().jwt_secrets)
    return math.ceil(expires_at - clock.now().timestamp())


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
    identity, _ = await _ask(claims)
    return identity


async def meet(claims: Claims) -> Identity:
    """Confirm who somebody is, and note once an hour that they are there; raises InvalidToken."""
    identity, seen_long_ago = await _ask(claims)
    if seen_long_ago:
        now = clock.now()
        with contextlib.suppress(OperationalError):  # who can't be noted down is there all the same
            async with database.write() as session:
                await session.exec(_SEE, session=claims.session_id, seen_before=now - SEEN_EVERY, now=now)
    return identity


async def validate(token: str) -> Identity:
    """Check a token's signature and expiry, then its session row; raises InvalidToken when anything is amiss."""
    return await meet(read(token))


async def _ask(claims: Claims) -> tuple[Identity, bool]:
    """Ask who somebody is, and whether they were seen last so long ago that it should be written down."""
    async with database.ask() as session:
        asked = claims.asking()
        found = (await session.exec(_WHO, **asked, seen_before=asked["now"] - SEEN_EVERY)).one_or_none()
    if found is None:
        raise InvalidToken
    user, factor_at, seen_long_ago = found
    return Identity.of(claims, user, factor_at), seen_long_ago
