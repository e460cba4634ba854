"""The people of the shop: who is invited, who has accepted, and who is dismissed again."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import col, select

from checkout_app.accounts import passwords, proofs
from checkout_app.accounts.errors import LinkRefused
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Proof, Purpose
from checkout_app.accounts.recovery import end_others
from checkout_app.accounts.second_factor import service as factors
from checkout_app.accounts.service import account_at, account_name, clean_email
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import Role, User
from checkout_app.core import database
from checkout_app.core.orm import spelled_out
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import OPERATOR, Actor
from checkout_app.journal.models import ActorKind

OF_THE_SHOP: Final = (col(User.role) != spelled_out(Role.GUEST), col(User.role) != spelled_out(Role.CUSTOMER))
"""Said in so many words, they are found by an index of their own, past all who buy."""
ANY: Final = ""
"""The address of who is invited whoever they are."""
_PEOPLE: Final = Statement[User](
    select(User).where(*OF_THE_SHOP, col(User.role).in_(sorted(Caller.SHOP.roles))).order_by(col(User.email))
)
_OWNERS: Final = Statement[str](
    select(User.email).where(*OF_THE_SHOP, col(User.role).in_(sorted(Caller.OWNER.roles))).order_by(col(User.email))
)
"""Asked for with each sale."""


async def invite(email: str, role: Role, by: Actor) -> str:
    """Return the link by which somebody becomes one of the people of the shop; raises InvalidInput."""
    address = clean_email(email)
    async with database.write() as session:
        return proofs.link_of(await open_invitation(session, address, role, by))


async def open_invitation(session: Session, address: str, role: Role, by: Actor) -> Proof:
    """Invite whose address it is, as `clean_email` returns it, to be one of the people of the shop.

    Nothing is theirs before it comes back: who signed up with an address has not proved that it is theirs. Who has no
    account is kept like a guest until then. Of several links to an address the newest alone is good.
    """
    user = await account_at(session, address)
    if user is None:
        user = User(email=address, role=Role.GUEST)
        session.add(user)
        await session.flush()
    await proofs.end_all(session, user.id, address)
    proof = proofs.begin(session, user, Purpose.INVITE, address, role=role)
    await record(session, user.id, AccountEvent.INVITED, by, proof_id=proof.id, role=role.word)
    return proof


async def invite_first() -> str | None:
    """Return the link by which somebody becomes the first owner of the shop; None where somebody owns it.

    It is for no address: who has it says theirs. A link of before is void.
    """
    async with database.write() as session:
        if (await session.exec(_OWNERS)).first():
            return None
        nobody = User(email=ANY, role=Role.GUEST)
        session.add(nobody)
        await session.flush()
        await proofs.end_all(session, nobody.id, ANY)
        proof = proofs.begin(session, nobody, Purpose.INVITE, ANY, role=Role.OWNER)
        await record(session, nobody.id, AccountEvent.INVITED, OPERATOR, role=Role.OWNER.word)
        return proofs.link_of(proof)


async def accept(link: str, password: str, name: str, email: str = "") -> User:
    """Take a role by the link of an invitation, with the password and the name from now on.

    The first owner says under which address as well; all others have the one that they were invited by. Whoever was in
    the account until then is out of it: their sign-ins end, and so does every link that was mailed to them, by which
    its address would become theirs. A second factor is set up anew. Raises InvalidInput, LinkRefused.
    """
    passwords.require_fit(password)
    called = account_name(name)
    kept = await passwords.digest(password)
    async with database.write() as session:
        proof = await proofs.by_link(session, link, Purpose.INVITE)
        address = proof.email or clean_email(email)
        passwords.require_fit(password, of=address)
        if proof.email == ANY and (await session.exec(_OWNERS)).first():
            raise LinkRefused  # somebody owns the shop by now
        account = await account_at(session, address)
        [user] = await database.lock(session, User, [account.id if account else proof.user_id])
        if user.email not in {proof.email, address}:
            raise LinkRefused  # the account has another address by now
        user.email = address
        before, user.role = Role(user.role), Role(proof.role or "")
        user.password_hash, user.name = kept, called
        await end_others(session, user.id)
        await factors.forget(session, user.id)
        await proofs.end_all(session, user.id, address)
        by = Actor(ActorKind.MERCHANT, user.id)
        await record(session, user.id, AccountEvent.APPOINTED, by, before=before.word, after=Role(user.role).word)
        return user


async def dismiss(email: str, by: Actor) -> bool:
    """Make somebody a customer again, signed out everywhere, and their invitation void; raises InvalidInput.

    Returns False when nobody of the shop has the address.
    """
    address = clean_email(email)
    async with database.write() as session:
        user = await account_at(session, address)
        await proofs.end_all(session, user.id if user else "", address)
        if user is None or user.role not in Caller.SHOP.roles:
            return False
        [user] = await database.lock(session, User, [user.id])
        await let_go(session, user, by)
    return True


async def let_go(session: Session, user: User, by: Actor) -> None:
    """Make one of the people of the shop, whose row is locked, a customer again, signed out everywhere."""
    before, user.role = Role(user.role), Role.CUSTOMER
    await end_others(session, user.id)
    await factors.forget(session, user.id)
    await record(session, user.id, AccountEvent.DISMISSED, by, before=before.word, after=Role.CUSTOMER.word)


async def sign_out(email: str, by: Actor) -> bool:
    """End every sign-in of an account, whoever has it; returns False when none has the address. Raises InvalidInput."""
    address = clean_email(email)
    async with database.write() as session:
        if (user := await account_at(session, address)) is None:
            return False
        await end_others(session, user.id)
        await record(session, user.id, AccountEvent.SIGNED_OUT_EVERYWHERE, by)
    return True


async def owners() -> Sequence[str]:
    """List the mailboxes of who owns the shop."""
    async with database.ask() as session:
        return (await session.exec(_OWNERS)).all()


async def people() -> Sequence[User]:
    """List the people of the shop by their addresses."""
    async with database.ask() as session:
        return (await session.exec(_PEOPLE)).all()
