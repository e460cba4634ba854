"""A guest keeps what they have bought in an account: the same somebody, with a password from now on."""

from checkout_app.accounts import passwords, recovery
from checkout_app.accounts.errors import EmailTaken
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.journal import record
from checkout_app.accounts.models import Purpose
from checkout_app.accounts.service import can_mail, count_try, is_taken, tell_owner
from checkout_app.auth.errors import NotPermitted
from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Identity
from checkout_app.core import database, limits
from checkout_app.core.changes import Taken


async def keep(identity: Identity, password: str, *, asked_from: str) -> User:
    """Give a guest an account, which they are signed in to already, and ask them to prove that its address is theirs.

    Raises InvalidInput, RateLimited, NotPermitted for who has an account, EmailTaken when the address has one.
    """
    passwords.require_fit(password, of=identity.email)
    await limits.require("taken", asked_from)
    await limits.hit("passwords", asked_from)
    kept = await passwords.digest(password, of=asked_from)
    try:
        async with database.write() as session:
            [user] = await database.lock(session, User, [identity.user_id])
            if user.role != Role.GUEST:
                raise NotPermitted
            if taken := await is_taken(session, user.email):
                await tell_owner(session, user.email)
            else:
                user.role, user.password_hash = Role.CUSTOMER, kept
                await record(session, user.id, AccountEvent.REGISTERED)
                if can_mail():
                    await recovery.send(session, user, Purpose.VERIFY, user.email, AccountEvent.VERIFYING)
    except Taken:  # by somebody at the same moment
        taken = True
    if taken:
        await count_try("taken", asked_from)
        raise EmailTaken
    return user
