"""The second factor of the people of the shop over HTTP: set up once, and shown in each sign-in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts.second_factor import service
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.described import TOO_MANY

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.AT_THE_DOOR))

_Person = Annotated[Identity, Depends(guard.at_the_door)]


class Shown(BaseModel):
    """Digits of the app, or one of the codes for when it is lost."""

    model_config = ConfigDict(strict=True)

    code: Annotated[str, Field(max_length=20, examples=["492039"])]


class FactorBody(BaseModel):
    """How a second factor stands: whether there is one, and when it was shown in this sign-in.

    `codes` are those that are left for when the app is lost, told to who has shown it in the last ten minutes.
    """

    set_up: bool
    shown_at: datetime | None
    codes_left: int
    codes: Sequence[str]


class EnrolmentBody(BaseModel):
    """What an app is given: its secret in base 32, to be typed, and the same as the URI of a QR code."""

    model_config = ConfigDict(from_attributes=True)

    secret: str
    uri: str


class CodesBody(BaseModel):
    """The codes for when the app is lost: each is good once."""

    codes: Sequence[str]


@router.get("/factor")
async def get_factor(person: _Person) -> FactorBody:
    """Tell how one's own second factor stands."""
    known = await service.standing(person)
    return FactorBody(
        set_up=known.set_up, shown_at=person.factor_at, codes_left=known.codes_left, codes=list(known.codes)
    )


@router.post("/factor", status_code=201)
async def begin_factor(person: _Person) -> EnrolmentBody:
    """Begin to set an app up, in the place of another one if that was shown lately; it counts once it is confirmed."""
    return EnrolmentBody.model_validate(await service.begin(person))


@router.post("/factor/confirm", responses=TOO_MANY)
async def confirm_factor(body: Shown, person: _Person, request: Request) -> CodesBody:
    """Confirm by digits of the app that it is set up, which shows it in this sign-in too."""
    return CodesBody(codes=await service.confirm(person, body.code, asked_from=guard.household_of(request)))


@router.post("/step-up", status_code=204, responses=TOO_MANY)
async def step_up(body: Shown, person: _Person, request: Request) -> None:
    """Show one's second factor in this sign-in."""
    await service.show(person, body.code, asked_from=guard.household_of(request))
