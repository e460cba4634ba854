"""Where an account is signed in, and how that ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from checkout_app.accounts import service
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.own.errors import SessionNotFound
from checkout_app.accounts.recovery import end_others
from checkout_app.auth import tokens
from checkout_app.auth.models import User, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import database


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in that is still good; `seen_at` to an hour."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of an account shows: whether its address is proved, and a password opens it, and its sign-ins."""

    verified: bool
    has_password: bool
    sign_ins: Sequence[SignIn]


async def overview(identity: Identity) -> Overview:
    """Return what there is to know of one's own account, in one question."""
    query = select(UserSession, col(User.verified_at).is_not(None), col(User.password_hash).is_not(None)).join(
        User, col(User.id) == col(UserSession.user_id)
    )
    still_good = (UserSession.user_id == identity.user_id, *tokens.still_good(identity.role))
    async with database.ask() as session:
        rows = (await session.exec(query.where(*still_good).order_by(col(UserSession.id).desc()))).all()
    verified, has_password = any(row[1] for row in rows), any(row[2] for row in rows)
    return Overview(verified, has_password, _described([row[0] for row in rows], identity))


async def sign_ins(identity: Identity) -> Sequence[SignIn]:
    """List where one's account is signed in, the one that asks first, then who was seen last."""
    query = select(UserSession).where(UserSession.user_id == identity.user_id, *tokens.still_good(identity.role))
    async with database.ask() as session:
        return _described((await session.exec(query.order_by(col(UserSession.id).desc()))).all(), identity)


def _described(rows: Sequence[UserSession], identity: Identity) -> Sequence[SignIn]:
    found = [
        SignIn(row.id, row.created_at, row.seen_at or row.created_at, row.expires_at, row.id == identity.session_id)
        for row in rows
    ]
    return sorted(found, key=lambda known: (known.current, known.seen_at), reverse=True)


async def end(identity: Identity, session_id: str) -> None:
    """End one of one's own sign-ins; raises SessionNotFound for anybody else's, and for what is over."""
    if session_id not in {known.id for known in await sign_ins(identity)}:
        raise SessionNotFound
    async with database.write() as session:
        await service.revoke(session, session_id)
        await record(session, identity.user_id, AccountEvent.SIGNED_OUT)


async def end_all(identity: Identity) -> None:
    """End all of one's own sign-ins, this one too."""
    async with database.write() as session:
        await end_others(session, identity.user_id)
        await record(session, identity.user_id, AccountEvent.SIGNED_OUT_EVERYWHERE)
