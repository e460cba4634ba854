"""What owners see of the people of the shop, and do to them: with a second factor shown lately, and written down.

Nobody takes a role from themselves, and who takes one from another is an owner as it is done. So there is always one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import bindparam, col, func, select, update

from checkout_app.accounts import people, proofs
from checkout_app.accounts.errors import OwnAccount, PersonNotFound
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Factor, Proof, Purpose
from checkout_app.accounts.recovery import end_others
from checkout_app.accounts.service import account_at, clean_email
from checkout_app.auth import tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted, NotPermitted
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database, ids, limits
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor

_OPEN: Final = (
    col(Proof.purpose) == Purpose.INVITE.value,
    col(Proof.used_at).is_(None),
    col(Proof.expires_at) > bindparam("now"),
)
_INVITED: Final = Statement[Proof](
    select(Proof)
    .where(
        *(Proof.id >= bindparam("since"), Proof.email != people.ANY, *_OPEN),
        col(Proof.user_id).not_in(select(User.id).where(*people.OF_THE_SHOP)),
    )
    .order_by(col(Proof.id).desc())
)
_WITHDRAW: Final = Statement[None](
    update(Proof).where(*_OPEN, col(Proof.user_id) == bindparam("user")).values(used_at=bindparam("now"))
)
_OWNERS: Final = Statement[str](
    select(User.id).where(*people.OF_THE_SHOP, col(User.role).in_(sorted(Caller.OWNER.roles)))
)
_FACTOR: Final = (
    select(Factor.id)
    .where(col(Factor.user_id) == col(User.id), col(Factor.confirmed_at).is_not(None))
    .limit(1)
    .scalar_subquery()
)
"""Theirs, if they have one. Not by EXISTS, for which PostgreSQL reads all there are."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people of the shop: whether a second factor is set up, when they were there last, open sign-ins."""

    id: str
    email: str
    name: str
    role: str
    has_factor: bool
    seen_at: datetime | None
    sign_ins: int


async def team() -> Sequence[Member]:
    """List the people of the shop by their addresses."""
    theirs = UserSession.user_id == User.id
    seen = func.max(func.coalesce(UserSession.seen_at, UserSession.created_at))
    told: tuple[Any, ...] = (
        *(User.id, User.email, User.name, User.role),
        _FACTOR.is_not(None),
        select(seen).where(theirs).scalar_subquery(),
        select(func.count()).select_from(UserSession).where(theirs, *tokens.still_good(Role.OWNER)).scalar_subquery(),
    )
    query = select(*told).where(*people.OF_THE_SHOP, col(User.role).in_(sorted(Caller.SHOP.roles)))
    async with database.ask() as session:
        rows = (await session.exec(query.order_by(col(User.email)))).all()
    return [Member(*row) for row in rows]


async def invited() -> Sequence[Proof]:
    """List the invitations that nobody has accepted yet, the newest first."""
    now = clock.now()
    since = ids.first_of(now - proofs.LASTS[Purpose.INVITE])  # so that none of all others ever mailed is looked at
    async with database.ask() as session:
        return (await session.exec(_INVITED, since=since, now=now)).all()


async def invite(owner: Identity, email: str, role: Role) -> Proof:
    """Invite somebody, by the link of what is returned; raises InvalidInput, FactorWanted, NotPermitted, RateLimited.

    Not who is of the shop already: the link would make whoever has it them.
    """
    address = clean_email(email)
    await limits.hit("mail", owner.user_id)
    async with database.write() as session:
        await _hold(session, owner)
        known = await account_at(session, address)
        if known and known.role in Caller.SHOP.roles:
            raise InvalidInput({"email": "They are of the shop already."})
        return await people.open_invitation(session, address, role, Actor.of(owner))


async def change_role(owner: Identity, user_id: str, role: Role) -> None:
    """Let one of the people be something else from now on.

    Raises PersonNotFound, OwnAccount, FactorWanted, NotPermitted.
    """
    async with database.write() as session:
        person = _another(await _hold(session, owner, user_id), owner)
        before, person.role = Role(person.role), role
        if before is not role:
            said = {"before": before.word, "after": role.word}
            await record(session, user_id, AccountEvent.APPOINTED, Actor.of(owner), **said)


async def dismiss(owner: Identity, user_id: str) -> None:
    """Make one of the people a customer again, signed out everywhere, or take an invitation back.

    Raises PersonNotFound, OwnAccount, FactorWanted, NotPermitted.
    """
    async with database.write() as session:
        person = await _hold(session, owner, user_id)
        if person and person.role not in Caller.SHOP.roles:
            if not (await session.exec(_WITHDRAW, user=user_id, now=clock.now())).rowcount:
                raise PersonNotFound
            await record(session, user_id, AccountEvent.UNINVITED, Actor.of(owner))
            return
        person = _another(person, owner)
        await proofs.end_all(session, person.id, person.email)
        await people.let_go(session, person, Actor.of(owner))


async def sign_out(owner: Identity, user_id: str) -> None:
    """End every sign-in of one of the people; raises PersonNotFound, OwnAccount, FactorWanted, NotPermitted."""
    async with database.write() as session:
        person = _another(await _hold(session, owner, user_id), owner)
        await end_others(session, person.id)
        await record(session, person.id, AccountEvent.SIGNED_OUT_EVERYWHERE, Actor.of(owner))


def _another(person: User | None, owner: Identity) -> User:
    """Return one of the people who is not who asks."""
    if person is None or person.role not in Caller.SHOP.roles:
        raise PersonNotFound
    if person.id == owner.user_id:
        raise OwnAccount
    return person


async def _hold(session: Session, owner: Identity, user_id: str = "") -> User | None:
    """Hold all owners and somebody, and see that who asks is one still: of two that dismiss each other one stays."""
    if not owner.has_shown_lately():
        raise FactorWanted
    owners = (await session.exec(_OWNERS)).all()
    held = {user.id: user for user in await database.lock(session, User, sorted({*owners, owner.user_id, user_id}))}
    if held[owner.user_id].role not in Caller.OWNER.roles:
        raise NotPermitted
    return held.get(user_id)
