"""Mails about accounts: what proves that a mailbox is somebody's, and what they should know of."""

from collections.abc import Sequence
from typing import Final

from checkout_app.accounts import proofs
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.models import Proof
from checkout_app.auth.models import Role, User
from checkout_app.core import clock, database
from checkout_app.journal.models import Event, Subject
from checkout_app.mail.letters import Letter
from checkout_app.mail.service import Kind

_NOT_YOU: Final = "If it was not you who asked for it, there is nothing to do: nobody gets in without this mail."


async def _proof_of(event: Event) -> Proof | None:
    """Return what an event asks somebody to prove; None when it asks nothing, or it is too late to prove it."""
    proof_id = event.data.get("proof_id")
    if event.subject != Subject.ACCOUNT or not proof_id:
        return None
    async with database.ask() as session:
        proof = await session.get(Proof, str(proof_id))
    return proof if proof and proof.used_at is None and proof.expires_at > clock.now() else None


async def _its_mailbox(event: Event) -> Sequence[str]:
    proof = await _proof_of(event)
    return [proof.email] if proof else []


async def _code(event: Event, _email: str) -> Letter | None:
    if not (proof := await _proof_of(event)):
        return None
    return Letter(
        subject="Your code to sign in",
        code=proofs.code_of(proof),
        paragraphs=("Type it where you asked for it, within ten minutes.", _NOT_YOU),
    )


async def _verify(event: Event, _email: str) -> Letter | None:
    if not (proof := await _proof_of(event)):
        return None
    return Letter(
        subject="Is this your e-mail address?",
        paragraphs=("Say so once, within three days, and your account can be found again by it.", _NOT_YOU),
        button="Yes, this is my address",
        link=f"/verify?link={proofs.link_of(proof)}",
    )


async def _reset(event: Event, _email: str) -> Letter | None:
    if not (proof := await _proof_of(event)):
        return None
    return Letter(
        subject="Choose another password",
        paragraphs=(
            "The link is good for an hour, and once. Everybody who is signed in is signed out by it.",
            _NOT_YOU,
        ),
        button="Choose a password",
        link=f"/reset?link={proofs.link_of(proof)}",
    )


async def _invited(event: Event, _email: str) -> Letter | None:
    if not (proof := await _proof_of(event)):
        return None
    return Letter(
        subject="You are invited to run this shop",
        paragraphs=(
            f"Within a day you can become its {proof.role and Role(proof.role).word}, once, by a name and a password.",
            "If you do not know why, there is nothing to do: nobody gets in without this mail.",
        ),
        button="Accept",
        link=f"/accept?link={proofs.link_of(proof)}",
    )


async def _its_owner(event: Event) -> Sequence[str]:
    if event.subject != Subject.ACCOUNT:
        return []
    async with database.ask() as session:
        user = await session.get(User, event.subject_id)
    return [user.email] if user else []


async def _password_changed(event: Event, email: str) -> Letter | None:
    if email not in await _its_owner(event):
        return None  # the account has another address by now, or none
    return Letter(
        subject="Your password was changed",
        paragraphs=(
            "Everywhere else your account was signed out.",
            "If it was not you, ask for another password at once: whoever did it is signed out by that.",
        ),
        button="Choose another password",
        link="/forgot",
    )


async def _factor(event: Event, email: str) -> Letter | None:
    if email not in await _its_owner(event):
        return None
    if event.kind == AccountEvent.FACTOR_SET:
        subject, then = "Your second factor is set up", "From now on the shop wants the digits of your app of you."
    else:
        subject, then = "One of your recovery codes was used", f"{event.data['codes_left']} are left."
    unknown = "If it was not you, ask who runs the shop's server to invite you anew: that shuts everybody else out."
    return Letter(subject=subject, paragraphs=(then, unknown))


async def _email_wanted(event: Event, email: str) -> Letter | None:
    if email not in await _its_owner(event):
        return None
    return Letter(
        subject="Somebody tried to sign up with your address",
        paragraphs=(
            "There is an account with it already, so nothing came of it: nobody got in, and nothing was changed.",
            "If it was you, sign in instead, with your password or with a code that we mail you.",
            "If it was not, there is nothing to do. We write this once a week at most.",
        ),
        button="Sign in",
        link="/login",
    )


async def _way_back(event: Event) -> Proof | None:
    """Return what names the mailbox that was an account's, whether it leads back or not."""
    async with database.ask() as session:
        return await session.get(Proof, str(event.data.get("proof_id", "")))


async def _former_mailbox(event: Event) -> Sequence[str]:
    proof = await _way_back(event)
    return [proof.email] if proof else []


async def _email_changed(event: Event, _email: str) -> Letter | None:
    if not (proof := await _way_back(event)):
        return None  # the account is erased
    subject, so = "Your account has another e-mail address", "This one opens it no more, and gets no mails about it."
    if not await _proof_of(event):
        act = "If it was not you, answer this mail, and change the password wherever else you have it."
        return Letter(subject=subject, paragraphs=(so, act))
    return Letter(
        subject=subject,
        paragraphs=(
            so,
            "If it was not you, take the account back within seven days.",
            "It has this address again then, with another password, and whoever is signed in is out.",
        ),
        button="Take my account back",
        link=f"/reset?link={proofs.link_of(proof)}",
    )


KINDS: Final = (
    Kind("code", {AccountEvent.CODE_ASKED}, _its_mailbox, _code),
    Kind("verify", {AccountEvent.VERIFYING}, _its_mailbox, _verify),
    Kind("reset", {AccountEvent.RESETTING}, _its_mailbox, _reset),
    Kind("invited", {AccountEvent.INVITED}, _its_mailbox, _invited),
    Kind("factor", {AccountEvent.FACTOR_SET, AccountEvent.RECOVERY_CODE_USED}, _its_owner, _factor),
    Kind("password_changed", {AccountEvent.PASSWORD_CHANGED}, _its_owner, _password_changed),
    Kind("email_wanted", {AccountEvent.EMAIL_WANTED}, _its_owner, _email_wanted),
    Kind("email_changed", {AccountEvent.EMAIL_CHANGED}, _former_mailbox, _email_changed),
)
