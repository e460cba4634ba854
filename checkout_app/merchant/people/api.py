"""The people of the shop over HTTP, for its owners. Whatever changes them wants a second factor shown lately."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts import staff
from checkout_app.accounts.models import Proof
from checkout_app.accounts.service import LONGEST_EMAIL, can_mail
from checkout_app.accounts.staff import Member
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.core.described import TOO_MANY, Answers, refusal
from checkout_app.merchant.people.links import link_of

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_Owner = Annotated[Identity, Depends(guard.owner)]
_Id = Annotated[str, Path(max_length=ids.ID_LENGTH)]
_UNKNOWN: Final[Answers] = {404: refusal("This is nobody of the shop.")}
_SELF: Final[Answers] = {409: refusal("This is who asks; another owner can do it.")}


class RoleWord(StrEnum):
    """What one of the people of the shop may do: an owner everything, a shipper ship, a viewer look."""

    OWNER = "owner"
    SHIPPER = "shipper"
    VIEWER = "viewer"

    @property
    def role(self) -> Role:
        """The role that it is the word for."""
        return Role[self.name]


class Invitation(BaseModel):
    """Who is to be one of the people of the shop, and as what."""

    model_config = ConfigDict(strict=True)

    email: Annotated[str, Field(max_length=LONGEST_EMAIL)]
    role: Annotated[RoleWord, Field(strict=False)]


class RoleChange(BaseModel):
    """What somebody is from now on."""

    role: RoleWord


class PersonBody(BaseModel):
    """One of the people; `seen_at` is to an hour, and null of who never signed in; `sign_ins` are those still open."""

    id: str
    email: str
    name: str
    role: RoleWord
    has_factor: bool
    seen_at: datetime | None
    sign_ins: int

    @classmethod
    def of(cls, member: Member) -> Self:
        """Describe one."""
        return cls(
            id=member.id,
            email=member.email,
            name=member.name,
            role=RoleWord(Role(member.role).word),
            has_factor=member.has_factor,
            seen_at=member.seen_at,
            sign_ins=member.sign_ins,
        )


class InvitedBody(BaseModel):
    """Somebody who is invited and has not accepted yet; `id` is theirs by which the invitation is taken back."""

    id: str
    email: str
    role: RoleWord
    expires_at: datetime

    @classmethod
    def of(cls, proof: Proof) -> Self:
        """Describe one."""
        return cls(
            id=proof.user_id, email=proof.email, role=RoleWord(Role(proof.role or "").word), expires_at=proof.expires_at
        )


class LinkBody(InvitedBody):
    """An invitation with its link, told this once; `mailed` says whether it was sent to their address as well."""

    link: str
    mailed: bool


class PeopleBody(BaseModel):
    """The people of the shop, and who is invited."""

    items: list[PersonBody]
    invited: list[InvitedBody]


@router.get("/people", **guard.open_to(Caller.OWNER))
async def list_people() -> PeopleBody:
    """List the people of the shop, and who is invited to be one."""
    return PeopleBody(
        items=[PersonBody.of(member) for member in await staff.team()],
        invited=[InvitedBody.of(proof) for proof in await staff.invited()],
    )


@router.post("/people", status_code=201, **guard.open_to(Caller.OWNER, TOO_MANY))
async def invite(body: Invitation, owner: _Owner) -> LinkBody:
    """Invite somebody: whoever opens the link within 24 hours becomes one of the people of the shop, once.

    Another link for the same address makes this one void.
    """
    proof = await staff.invite(owner, body.email, body.role.role)
    return LinkBody(**InvitedBody.of(proof).model_dump(), link=link_of(proof), mailed=can_mail())


@router.patch("/people/{user_id}", status_code=204, **guard.open_to(Caller.OWNER, _UNKNOWN | _SELF))
async def change_role(user_id: _Id, body: RoleChange, owner: _Owner) -> None:
    """Let somebody else be something else from now on."""
    await staff.change_role(owner, user_id, body.role.role)


@router.delete("/people/{user_id}", status_code=204, **guard.open_to(Caller.OWNER, _UNKNOWN | _SELF))
async def dismiss(user_id: _Id, owner: _Owner) -> None:
    """Make somebody else a customer again, signed out everywhere; or take an invitation back."""
    await staff.dismiss(owner, user_id)


@router.post("/people/{user_id}/sign-out", status_code=204, **guard.open_to(Caller.OWNER, _UNKNOWN | _SELF))
async def sign_out(user_id: _Id, owner: _Owner) -> None:
    """End every sign-in of somebody else."""
    await staff.sign_out(owner, user_id)
