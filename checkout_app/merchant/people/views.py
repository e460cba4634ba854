"""The people of the shop as its owners see them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from checkout_app.accounts.models import Proof
from checkout_app.accounts.own.service import SignIn
from checkout_app.accounts.service import can_mail
from checkout_app.accounts.staff import Member
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.merchant.desk import Desk, desk

PEOPLE: Final = "/merchant/people"
_API: Final = "/api/merchant/people"


@dataclass(frozen=True, slots=True)
class PersonView:
    """One of the people; `path` is where the API has them, empty of who looks."""

    id: str
    name: str
    email: str
    role: str
    about: str
    has_factor: bool
    path: str


@dataclass(frozen=True, slots=True)
class InvitedView:
    """Somebody who is invited."""

    email: str
    about: str
    path: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """Where who looks is signed in; `path` is empty of the sign-in by which they look."""

    about: str
    path: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """The page of the people of the shop."""

    desk: Desk
    people: tuple[PersonView, ...]
    invited: tuple[InvitedView, ...]
    sign_ins: tuple[SignInView, ...]
    mails: bool


def people_view(
    owner: Identity, team: Sequence[Member], invited: Sequence[Proof], sign_ins: Sequence[SignIn]
) -> PeopleView:
    """Describe the people of the shop for one of its owners."""
    now = clock.now()
    return PeopleView(
        desk=desk(owner),
        people=tuple(_person(member, owner, now) for member in team),
        invited=tuple(_invited(proof) for proof in invited),
        sign_ins=tuple(_sign_in(each, now) for each in sign_ins),
        mails=can_mail(),
    )


def _person(member: Member, owner: Identity, now: datetime) -> PersonView:
    return PersonView(
        id=member.id,
        name=f"{member.name} (you)" if member.id == owner.user_id else member.name,
        email=member.email,
        role=Role(member.role).word,
        about=_about(member, now),
        has_factor=member.has_factor,
        path="" if member.id == owner.user_id else f"{_API}/{member.id}",
    )


def _about(member: Member, now: datetime) -> str:
    if member.seen_at is None:
        return "Never signed in."
    devices = "1 device" if member.sign_ins == 1 else f"{member.sign_ins} devices"
    signed_in = f"signed in on {devices}" if member.sign_ins else "signed in nowhere"
    return f"Seen {clock.format_ago(member.seen_at, now)}, {signed_in}."


def _invited(proof: Proof) -> InvitedView:
    word, until = Role(proof.role or "").word, clock.format_moment(proof.expires_at)
    return InvitedView(proof.email, f"To be {word}, until {until}", f"{_API}/{proof.user_id}")


def _sign_in(each: SignIn, now: datetime) -> SignInView:
    since = f"Since {clock.format_moment(each.created_at)}"
    if each.current:
        return SignInView(f"{since}, here", "")
    return SignInView(f"{since}, seen {clock.format_ago(each.seen_at, now)}", f"/api/auth/sessions/{each.id}")
