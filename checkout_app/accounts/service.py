"""Sign up, sign in, buy as a guest, sign out."""

from collections.abc import Callable

from email_validator import EmailNotValidError, validate_email
from sqlmodel import col, select, update

from checkout_app.accounts import passwords
from checkout_app.accounts.errors import EmailTaken, InvalidCredentials
from checkout_app.accounts.events import NOBODY, AccountEvent
from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database, limits, text
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.journal import service as journal
from checkout_app.journal.actors import OPERATOR, Actor
from checkout_app.journal.models import ActorKind, Subject

LONGEST_EMAIL = 254
LONGEST_NAME = 80


async def register(email: str, password: str, name: str, role: Role = Role.CUSTOMER) -> User:
    """Make an account; raises InvalidInput with a sentence a field, or EmailTaken."""
    problems = _problem(clean_email, email) | _problem(_account_name, name)
    if len(password) < passwords.SHORTEST:
        problems["password"] = f"Use at least {passwords.SHORTEST} characters."
    elif len(password.encode()) > passwords.LONGEST_BYTES:
        problems["password"] = f"Use at most {passwords.LONGEST_BYTES} characters."
    if problems:
        raise InvalidInput(problems)
    kept = await passwords.digest(password)
    user = User(email=clean_email(email), name=_clean_name(name), role=role, password_hash=kept)
    async with database.write() as session:
        if not await database.insert_new(session, user):
            raise EmailTaken
        await _record(session, user.id, AccountEvent.REGISTERED)
    return user


async def login(email: str, password: str) -> User:
    """Find the account with this address and password; raises InvalidInput, InvalidCredentials, RateLimited."""
    address = clean_email(email)
    await limits.hit("login", address)
    async with database.ask() as session:
        query = select(User).where(User.email == address, User.role != Role.GUEST)
        user = (await session.exec(query)).one_or_none()
    if not await passwords.matches(password, user.password_hash if user else None) or user is None:
        async with database.write() as session:
            await _record(session, user.id if user else NOBODY, AccountEvent.SIGN_IN_REFUSED)
        raise InvalidCredentials
    return user


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
            await _record(session, user.id, AccountEvent.SIGNED_IN)
        return tokens.open_session(session, user, guest_id=before.user_id if before and was_guest else "")


async def sign_out(identity: Identity) -> None:
    """End a sign-in, in every tab."""
    async with database.write() as session:
        await revoke(session, identity.session_id)
        if identity.role is not Role.GUEST:
            await _record(session, identity.user_id, AccountEvent.SIGNED_OUT)


async def revoke(session: Session, session_id: str) -> None:
    """End a sign-in at once, in every tab and for every copy of its token."""
    await session.exec(
        update(UserSession)
        .where(col(UserSession.id) == session_id, col(UserSession.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )


async def appoint_merchant(email: str) -> bool:
    """Let an account run the shop; returns False when there is none with this address."""
    if _problem(clean_email, email):
        return False
    account = select(User).where(User.email == clean_email(email), User.role != Role.GUEST)
    async with database.write() as session:
        user = (await session.exec(account)).one_or_none()
        if user is None:
            return False
        before, user.role = user.role, Role.MERCHANT
        if before != user.role:
            await _record(session, user.id, AccountEvent.APPOINTED, OPERATOR, before=before, after=user.role)
    return True


async def _record(
    session: Session, user_id: str, event: AccountEvent, actor: Actor | None = None, **data: str | int
) -> None:
    """Write down what was done to an account, by whoever has it unless somebody else is told."""
    by = actor or Actor(ActorKind.BUYER, None if user_id == NOBODY else user_id)
    await journal.record(session, Subject.ACCOUNT, user_id, event, by, **data)


def _problem(clean: Callable[[str], str], text: str) -> dict[str, str]:
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


def _account_name(name: str) -> str:
    if cleaned := _clean_name(name):
        return cleaned
    raise InvalidInput({"name": "Tell us your name."})


def _clean_name(name: str) -> str:
    try:
        return text.one_line(name, LONGEST_NAME)
    except text.Unfit:
        raise InvalidInput({"name": f"Use at most {LONGEST_NAME} ordinary characters."}) from None
