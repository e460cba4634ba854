"""The JWT strategy: who presents this token, and is it still good."""

from dataclasses import dataclass
from datetime import timedelta

import jwt
from sqlmodel import bindparam, col, select

from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.core import clock, database
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement

LIFETIME = timedelta(days=14)
"""How long a sign-in lasts. It can be revoked sooner, at once, by its session row."""

_ALGORITHM = "HS256"
_ISSUER = "checkout"
_LONGEST = 1024
_SIGNED_IN = Statement[User](
    select(User)
    .join(UserSession, col(UserSession.user_id) == col(User.id))
    .where(UserSession.id == bindparam("session"), User.id == bindparam("user"))
    .where(col(UserSession.revoked_at).is_(None), UserSession.expires_at > bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking, as proven by a token."""

    user_id: str
    email: str
    name: str
    role: Role
    session_id: str


def open_session(session: Session, user: User) -> str:
    """Start a sign-in and return its token; the caller's transaction keeps it."""
    now = clock.now()
    row = UserSession(user_id=user.id, expires_at=now + LIFETIME)
    session.add(row)
    claims = {"iss": _ISSUER, "sub": user.id, "sid": row.id, "iat": now, "exp": row.expires_at}
    return jwt.encode(claims, settings().jwt_secret, algorithm=_ALGORITHM)


async def validate(token: str) -> Identity:
    """Check a token's signature and expiry, then its session row; raises InvalidToken when anything is amiss."""
    try:
        claims = jwt.decode(
            token[:_LONGEST],
            settings().jwt_secret,
            algorithms=[_ALGORITHM],
            issuer=_ISSUER,
            options={"require": ["exp", "sub", "sid"]},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken from error
    async with database.ask() as session:
        answer = await session.exec(_SIGNED_IN, session=claims["sid"], user=claims["sub"], now=clock.now())
    user = answer.one_or_none()
    if user is None:
        raise InvalidToken
    return Identity(user_id=user.id, email=user.email, name=user.name, role=Role(user.role), session_id=claims["sid"])
