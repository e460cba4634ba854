"""Prove that a mailbox is yours, and by it get into your account: another password, a code, another address.

Who asks for a mail gets the same answer, after the same work, whether there is such an account or not.
"""

from typing import Final

from sqlmodel import bindparam, col, select, update

from checkout_app.accounts import passwords, proofs
from checkout_app.accounts.errors import EmailTaken, InvalidCredentials, LinkRefused, NoMails
from checkout_app.accounts.events import NOBODY, AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Proof, Purpose
from checkout_app.accounts.service import account_at, can_mail, clean_email
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database, limits
from checkout_app.core.changes import Taken
from checkout_app.core.errors import InvalidInput
from checkout_app.core.orm import spelled_out
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

_LAST_GUEST: Final = Statement[User](
    select(User)
    .where(User.email == bindparam("email"), col(User.role) == spelled_out(Role.GUEST))
    .order_by(col(User.id).desc())
    .limit(1)
)
_OTHERS: Final = Statement[None](
    update(UserSession)
    .where(
        col(UserSession.user_id) == bindparam("user"),
        col(UserSession.id) != bindparam("but"),
        col(UserSession.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now"))
)


async def ask_to_reset(email: str, *, asked_from: str) -> None:
    """Send who has an account a link by which they choose another password; raises InvalidInput, RateLimited."""
    await _ask(email, asked_from, Purpose.RESET, AccountEvent.RESETTING)


async def ask_for_code(email: str, *, asked_from: str) -> None:
    """Send who has an account, or bought as a guest, a code to sign in with; raises InvalidInput, RateLimited."""
    await _ask(email, asked_from, Purpose.CODE, AccountEvent.CODE_ASKED, guests=True)


async def ask_to_verify(identity: Identity) -> None:
    """Send who is signed in with an account a link that proves their address; raises RateLimited."""
    _require_mails()
    await limits.hit("mail", identity.user_id)
    async with database.write() as session:
        user = await _account(session, identity)
        await send(session, user, Purpose.VERIFY, user.email, AccountEvent.VERIFYING)


async def verify(link: str) -> User:
    """Believe that an address is theirs who bring the link that was sent there, and let it be their account's.

    Raises LinkRefused, and EmailTaken when another account has the address by now.
    """
    try:
        async with database.write() as session:
            proof = await proofs.by_link(session, link, Purpose.VERIFY)
            [user] = await database.lock(session, User, [proof.user_id])
            if user.role == Role.GUEST:
                raise LinkRefused
            if user.email != proof.email:
                await _leave_address(session, user)
            user.email, user.verified_at = proof.email, clock.now()
            await record(session, user.id, AccountEvent.VERIFIED)
            return user
    except Taken:
        raise EmailTaken from None


async def _leave_address(session: Session, user: User) -> None:
    """Tell the mailbox that was an account's that it is not any more, and let who has it take the account back.

    Not to an address that nobody has proved: who has mistyped theirs would hand the account to a stranger. Nor to a
    second one while the first can take it back: whoever took the account away has that.
    """
    may_undo = user.verified_at is not None and not await proofs.can_undo(session, user_id=user.id)
    undo = proofs.begin(session, user, Purpose.UNDO, user.email)
    if not may_undo:
        undo.expires_at = clock.now()
    await record(session, user.id, AccountEvent.EMAIL_CHANGED, proof_id=undo.id)


async def reset(link: str, password: str, *, asked_from: str) -> User:
    """Give the account another password, and the address it had when that was sent the link; its sign-ins end.

    So do its open links. Raises InvalidInput, LinkRefused, and EmailTaken when another account has that address by now.
    """
    passwords.require_fit(password)
    await limits.hit("passwords", asked_from)
    kept = await passwords.digest(password, of=asked_from)
    try:
        async with database.write() as session:
            proof = await proofs.by_link(session, link, Purpose.RESET, Purpose.UNDO)
            passwords.require_fit(password, of=proof.email)
            [user] = await database.lock(session, User, [proof.user_id])
            if proof.purpose == Purpose.UNDO:
                user.email = proof.email
                await record(session, user.id, AccountEvent.EMAIL_RESTORED)
            elif user.email != proof.email:
                raise LinkRefused  # the mailbox is not the account's any more
            user.password_hash, user.verified_at = kept, clock.now()
            await end_others(session, user.id)
            await _end_links(session, user)
            await record(session, user.id, AccountEvent.PASSWORD_CHANGED)
            return user
    except Taken:
        raise EmailTaken from None


async def enter_by_code(email: str, code: str, *, asked_from: str) -> User:
    """Let in who brings the code that was sent to an address; a guest has an account from now on.

    Until somebody has proved that an address is theirs, a password may be another's, who signed up with it: it opens
    nothing any more, and their sign-ins end. Raises InvalidInput, RateLimited, CodeRefused.
    """
    address = clean_email(email)
    await limits.hit("login", f"{asked_from} {address}")
    proof = await proofs.by_code(address, code)
    async with database.write() as session:
        [user] = await database.lock(session, User, [proof.user_id])
        user = await account_at(session, address) or user
        if user.role == Role.GUEST:
            user.role = Role.CUSTOMER
            await record(session, user.id, AccountEvent.REGISTERED)
        elif user.verified_at is None:
            user.password_hash = None
            await end_others(session, user.id)
        user.verified_at = clock.now()
        return user


async def change_password(identity: Identity, password: str, new: str) -> None:
    """Give one's account another password, and end its other sign-ins; raises InvalidInput, InvalidCredentials."""
    try:
        passwords.require_fit(new, of=identity.email)
    except InvalidInput as unfit:
        raise InvalidInput({"new_password": unfit.fields["password"]}) from None
    await prove(identity, password=password)
    kept = await passwords.digest(new, of=identity.user_id)
    async with database.write() as session:
        user = await _account(session, identity)
        user.password_hash = kept
        await end_others(session, user.id, but=identity.session_id)
        await _end_links(session, user)
        await record(session, user.id, AccountEvent.PASSWORD_CHANGED)


async def change_email(identity: Identity, password: str, email: str) -> None:
    """Send a link to another address, which is the account's once the link comes back.

    Raises InvalidInput, InvalidCredentials, RateLimited.
    """
    _require_mails()
    address = clean_email(email)
    await limits.hit("mail", identity.user_id)
    await prove(identity, password=password)
    async with database.write() as session:
        user = await _account(session, identity)
        await send(session, user, Purpose.VERIFY, address, AccountEvent.VERIFYING)


async def end_others(session: Session, user_id: str, *, but: str = "") -> None:
    """End all sign-ins of an account at once, but for one that is named."""
    await session.exec(_OTHERS, user=user_id, but=but, now=clock.now())


async def _end_links(session: Session, user: User) -> None:
    """End what was mailed for an account: whoever was in may have asked for another address.

    They could choose another password as well, so that does not end the way back to the address that it had.
    """
    await proofs.end_all(session, user.id, user.email, but=Purpose.UNDO)


def _require_mails() -> None:
    """Promise nobody a mail that nobody sends; in development they lie in a folder. Raises NoMails."""
    if not can_mail():
        raise NoMails


async def _ask(email: str, asked_from: str, purpose: Purpose, event: AccountEvent, *, guests: bool = False) -> None:
    _require_mails()
    address = clean_email(email)
    await limits.hit("mail", f"{asked_from} {address}")
    async with database.write() as session:
        user = await account_at(session, address)
        if user is None and guests:
            user = (await session.exec(_LAST_GUEST, email=address)).one_or_none()
        if user is None:
            await record(session, NOBODY, event)
        else:
            await send(session, user, purpose, address, event)


async def send(session: Session, user: User, purpose: Purpose, email: str, event: AccountEvent) -> Proof:
    """Begin a proof, and tell who writes the mail of it."""
    proof = proofs.begin(session, user, purpose, email)
    await record(session, user.id, event, proof_id=proof.id)
    return proof


async def _account(session: Session, identity: Identity) -> User:
    """Return the account of who is signed in, to be changed."""
    [account] = await database.lock(session, User, [identity.user_id])
    return account


async def prove(identity: Identity, *, password: str = "", code: str = "") -> None:
    """Let who is signed in prove again that it is them, by their password or by a code that was mailed to them.

    People of the shop have to have shown their second factor lately too. Raises InvalidCredentials, CodeRefused,
    FactorWanted, RateLimited.
    """
    if identity.role in Caller.SHOP.roles and not identity.has_shown_lately():
        raise FactorWanted
    await limits.hit("login", identity.user_id)
    if code:
        await proofs.by_code(identity.email, code)
        return
    async with database.ask() as session:
        user = await session.get_one(User, identity.user_id)
    equal, _ = await passwords.matches(password, user.password_hash, of=identity.user_id)
    if not equal:
        raise InvalidCredentials
