"""Sign up, sign in, buy as a guest, sign out."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from email_validator import EmailNotValidError, validate_email
from sqlmodel import bindparam, col, select, update

from checkout_app.accounts import passwords, proofs
from checkout_app.accounts.errors import CodeWanted, EmailTaken, InvalidCredentials
from checkout_app.accounts.events import NOBODY, AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database, limits, text
from checkout_app.core.errors import InvalidInput, RateLimited
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Event, Subject

LONGEST_EMAIL = 254
LONGEST_NAME = 80
TOLD_EVERY = timedelta(days=7)
"""How often at most the owner of an address is told that somebody wanted to sign up with it."""
_ACCOUNT = Statement[User](select(User).where(User.email == bindparam("email"), User.role != Role.GUEST))
_TOLD = Statement[str](
    select(Event.id)
    .where(
        Event.subject == Subject.ACCOUNT,
        Event.subject_id == bindparam("user"),
        Event.kind == AccountEvent.EMAIL_WANTED,
        Event.created_at > bindparam("since"),
    )
    .limit(1)
)


async def register(email: str, password: str, name: str, role: Role = Role.CUSTOMER, *, asked_from: str = "") -> User:
    """Make an account; raises InvalidInput with a sentence a field, EmailTaken, RateLimited.

    Who asks learns whether there is an account with an address. So one place is told so of a few only, and whose
    address it is hears of it.
    """
    fit = partial(passwords.require_fit, of=email)
    problems = _problem(clean_email, email) | _problem(account_name, name) | _problem(fit, password)
    if problems:
        raise InvalidInput(problems)
    await limits.require("taken", asked_from)
    await limits.hit("passwords", asked_from)
    kept = await passwords.digest(password, of=asked_from)
    user = User(email=clean_email(email), name=_clean_name(name), role=role, password_hash=kept)
    async with database.write() as session:
        # An address to which an account may be taken back is kept for it.
        if made := not await proofs.can_undo(session, email=user.email) and await database.insert_new(session, user):
            await record(session, user.id, AccountEvent.REGISTERED)
        else:
            await tell_owner(session, user.email)
    if not made:
        await count_try("taken", asked_from)
        raise EmailTaken
    return user


async def is_taken(session: Session, address: str) -> bool:
    """Tell whether an address has an account, or is kept for one that may be taken back to it."""
    return await proofs.can_undo(session, email=address) or await account_at(session, address) is not None


async def tell_owner(session: Session, address: str) -> None:
    """Write down that somebody wanted an address that has an account, once in a while: a mail follows from it."""
    if owner := await account_at(session, address):
        await database.lock(session, User, [owner.id])  # so that of two at once one is told of
        if not (await session.exec(_TOLD, user=owner.id, since=clock.now() - TOLD_EVERY)).first():
            await record(session, owner.id, AccountEvent.EMAIL_WANTED, Actor(ActorKind.BUYER))


async def login(email: str, password: str, *, asked_from: str = "") -> User:
    """Find the account with this address and password.

    Tries are counted by where they come from, so nobody is kept out by what others try: one place has fewer wrong ones
    a day than it takes to be a nuisance. Where many places try one account, or one place tries many, a password alone
    is not believed any more, but a mailed code is. Raises InvalidInput, InvalidCredentials, RateLimited, CodeWanted.
    """
    address = clean_email(email)
    place = f"{asked_from} {address}"
    await limits.hit("login", place)
    await limits.require("wrong", place)
    await _require_belief(address, asked_from)
    async with database.ask() as session:
        user = await account_at(session, address)
    equal, moved = await passwords.matches(password, user.password_hash if user else None, of=asked_from)
    if not equal or user is None:
        await count_try("wrong", place)
        await count_try("account", address)
        await count_try("passwords", asked_from)
        async with database.write() as session:
            await record(session, user.id if user else NOBODY, AccountEvent.SIGN_IN_REFUSED)
        raise InvalidCredentials
    if moved:
        await _keep_anew(user, moved)
    return user


async def _require_belief(address: str, asked_from: str) -> None:
    """Refuse a password unseen where too many were wrong; raises CodeWanted, RateLimited where none can be sent."""
    try:
        await limits.require("passwords", asked_from)
        if can_mail():
            await limits.require("account", address)
    except RateLimited:
        if can_mail():
            raise CodeWanted from None
        raise


async def count_try(what: str, who: str) -> None:
    """Count a try that was in vain; that it was one too many is said to the next one."""
    with suppress(RateLimited):
        await limits.hit(what, who)


def can_mail() -> bool:
    """Tell whether a mail would be sent: in development it lies in a folder, in production it takes a server."""
    return bool(settings().smtp_url) or settings().environment != "production"


async def _keep_anew(user: User, moved: str) -> None:
    """Keep a password by the present scheme, unless it was changed meanwhile."""
    same = (col(User.id) == user.id, col(User.password_hash) == user.password_hash)
    async with database.write() as session:
        await session.exec(update(User).where(*same).values(password_hash=moved))


async def guest(email: str, name: str = "") -> User:
    """Make a guest, who can buy and see what they bought themselves in this visit; raises InvalidInput."""
    problems = _problem(clean_email, email) | _problem(_clean_name, name)
    if problems:
        raise InvalidInput(problems)
    user = User(email=clean_email(email), name=_clean_name(name), role=Role.GUEST)
    async with database.write() as session:
        session.add(user)
    return user


async def sign_in(user: User, *, before: Identity | None) -> str:
    """Begin a sign-in and return its token; that of an account in whose place it comes ends.

    A guest's doesn't: it opens nothing but what it has ordered itself, and a tab may still be paying with it.
    """
    was_guest = before is not None and before.role is Role.GUEST
    async with database.write() as session:
        if before and not was_guest:
            await revoke(session, before.session_id)
        if user.role != Role.GUEST:
            await record(session, user.id, AccountEvent.SIGNED_IN)
        return tokens.open_session(session, user, guest_id=before.user_id if before and was_guest else "")


async def sign_out(identity: Identity) -> None:
    """End a sign-in, in every tab."""
    async with database.write() as session:
        await revoke(session, identity.session_id)
        if identity.role is not Role.GUEST:
            await record(session, identity.user_id, AccountEvent.SIGNED_OUT)


async def account_at(session: Session, address: str) -> User | None:
    """Return the account that has an address, as it is kept; None when there is none."""
    return (await session.exec(_ACCOUNT, email=address)).one_or_none()


async def revoke(session: Session, session_id: str) -> None:
    """End a sign-in at once, in every tab and for every copy of its token."""
    await session.exec(
        update(UserSession)
        .where(col(UserSession.id) == session_id, col(UserSession.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )


def _problem(clean: Callable[[str], object], text: str) -> dict[str, str]:
    try:
        clean(text)
    except InvalidInput as error:
        return error.fields
    return {}


def clean_email(email: str) -> str:
    """Return an address as it is kept and looked for, however it was typed; raises InvalidInput."""
    try:
        # Addresses under .test never receive mail, and are what tests buy with.
        given = validate_email(text.one_line(email, LONGEST_EMAIL), check_deliverability=False, test_environment=True)
    except (text.Unfit, EmailNotValidError):
        raise InvalidInput({"email": "This is not an e-mail address."}) from None
    return text.one_line(given.normalized.lower(), LONGEST_EMAIL)


def account_name(name: str) -> str:
    """Return the name of who has an account, as it is kept; raises InvalidInput."""
    if cleaned := _clean_name(name):
        return cleaned
    raise InvalidInput({"name": "Tell us your name."})


def _clean_name(name: str) -> str:
    try:
        return text.one_line(name, LONGEST_NAME)
    except text.Unfit:
        raise InvalidInput({"name": f"Use at most {LONGEST_NAME} ordinary characters."}) from None
