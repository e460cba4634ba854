"""One's own account over HTTP: password, address, and where it is signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts import keeping, recovery
from checkout_app.accounts.own import service
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.described import TOO_MANY

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.ACCOUNT))
guests = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.SIGNED_IN))
"""What is for who has no account yet."""

_Owner = Annotated[Identity, Depends(guard.account)]
_Password = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)


class Keeping(_Body):
    """The password from now on."""

    password: _Password


class PasswordChange(_Body):
    """The password until now, and the one from now on."""

    password: _Password
    new_password: _Password


class EmailChange(_Body):
    """The password, and the address from now on."""

    password: _Password
    email: Annotated[str, Field(max_length=254)]


class SignInBody(BaseModel):
    """One sign-in that is still good; `seen_at` is to an hour, `current` the one that asks."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class SignIns(BaseModel):
    """Where the account is signed in."""

    model_config = ConfigDict(from_attributes=True)

    items: Sequence[SignInBody]


@guests.post("/keep", status_code=204, responses=TOO_MANY)
async def keep(body: Keeping, guest: Annotated[Identity, Depends(guard.signed_in)], request: Request) -> None:
    """Give a guest an account with what they have bought; the token stays good, and the address wants to be proved."""
    await keeping.keep(guest, body.password, asked_from=guard.household_of(request))


@router.post("/send-verification", status_code=202, responses=TOO_MANY)
async def send_verification(owner: _Owner) -> None:
    """Mail a link that proves that the account's address is one's own."""
    await recovery.ask_to_verify(owner)


@router.post("/change-password", status_code=204, responses=TOO_MANY)
async def change_password(body: PasswordChange, owner: _Owner) -> None:
    """Choose another password; every other sign-in of the account ends."""
    await recovery.change_password(owner, body.password, body.new_password)


@router.post("/change-email", status_code=202, responses=TOO_MANY)
async def change_email(body: EmailChange, owner: _Owner) -> None:
    """Mail a link to another address, which is the account's once `POST /api/auth/verify` brings the link back."""
    await recovery.change_email(owner, body.password, body.email)


@router.get("/sessions")
async def list_sessions(owner: _Owner) -> SignIns:
    """List where the account is signed in."""
    return SignIns.model_validate({"items": await service.sign_ins(owner)})


@router.delete("/sessions", status_code=204)
async def end_all_sessions(owner: _Owner) -> None:
    """Sign out everywhere, here too."""
    await service.end_all(owner)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: str, owner: _Owner) -> None:
    """Sign out in one place."""
    await service.end(owner, session_id)
