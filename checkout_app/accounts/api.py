"""Sign-up, sign-in and guests over HTTP, and what is mailed to who can't sign in."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts import people, recovery, service
from checkout_app.auth import guard, tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import User
from checkout_app.core import limits
from checkout_app.core.described import TOO_MANY

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.ANYBODY))

_Email = Annotated[str, Field(max_length=254, examples=["asha@example.in"])]
_Password = Annotated[str, Field(max_length=200)]
_Name = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)


class NewAccount(_Body):
    """What an account needs."""

    email: _Email
    password: _Password
    name: _Name


class Credentials(_Body):
    """What proves an account is one's own."""

    email: _Email
    password: _Password


class Guest(_Body):
    """What a guest tells of themselves."""

    email: _Email
    name: _Name = ""


class Mailbox(_Body):
    """Where a mail is to go."""

    email: _Email


class MailedLink(_Body):
    """What came back from a mailbox: what follows `link=` in the link."""

    link: Annotated[str, Field(max_length=200)]


class NewPassword(MailedLink):
    """What came back from a mailbox, and the password from now on."""

    password: _Password


class Acceptance(NewPassword):
    """The link of an invitation, and the password and the name from now on.

    The first owner's is for no address: they say theirs.
    """

    name: _Name
    email: _Email = ""


class MailedCode(Mailbox):
    """The digits that came back from a mailbox."""

    code: Annotated[str, Field(max_length=20)]


class Token(BaseModel):
    """A bearer token; `expires_in` is in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind of token, not one
    expires_in: int


async def _few_tries(request: Request) -> None:
    await limits.hit("enter", guard.household_of(request))


_FEW_TRIES: Final[Mapping[str, Any]] = {"dependencies": [Depends(_few_tries)], "responses": TOO_MANY}


@router.post("/register", status_code=201, **_FEW_TRIES)
async def register(body: NewAccount, request: Request) -> Token:
    """Make an account."""
    return await _token_for(
        request, await service.register(body.email, body.password, body.name, asked_from=guard.household_of(request))
    )


@router.post("/login", **_FEW_TRIES)
async def login(body: Credentials, request: Request) -> Token:
    """Sign in."""
    return await _token_for(
        request, await service.login(body.email, body.password, asked_from=guard.household_of(request))
    )


@router.post("/guest", status_code=201, **_FEW_TRIES)
async def guest(body: Guest, request: Request) -> Token:
    """Go on with just an e-mail address: the token can buy and see what it bought."""
    return await _token_for(request, await service.guest(body.email, body.name))


@router.post("/forgot", status_code=202, **_FEW_TRIES)
async def forgot(body: Mailbox, request: Request) -> None:
    """Mail a link by which another password is chosen; the answer is the same when there is no such account."""
    await recovery.ask_to_reset(body.email, asked_from=guard.household_of(request))


@router.post("/reset", status_code=204, **_FEW_TRIES)
async def reset(body: NewPassword, request: Request) -> None:
    """Choose another password by a mailed link; every sign-in of the account ends.

    The link that was mailed to an address as its account got another gives the account that address back.
    """
    await recovery.reset(body.link, body.password, asked_from=guard.household_of(request))


@router.post("/accept", status_code=204, **_FEW_TRIES)
async def accept(body: Acceptance) -> None:
    """Become one of the people of the shop by the link of an invitation; every sign-in of the account ends."""
    await people.accept(body.link, body.password, body.name, body.email)


@router.post("/verify", status_code=204, **_FEW_TRIES)
async def verify(body: MailedLink) -> None:
    """Prove by a mailed link that an address is one's own."""
    await recovery.verify(body.link)


@router.post("/code", status_code=202, **_FEW_TRIES)
async def ask_for_code(body: Mailbox, request: Request) -> None:
    """Mail a code to sign in with to who has an account or bought as a guest; the answer is the same for anybody."""
    await recovery.ask_for_code(body.email, asked_from=guard.household_of(request))


@router.post("/enter-code", **_FEW_TRIES)
async def enter_by_code(body: MailedCode, request: Request) -> Token:
    """Sign in with a mailed code."""
    return await _token_for(
        request, await recovery.enter_by_code(body.email, body.code, asked_from=guard.household_of(request))
    )


async def _token_for(request: Request, user: User) -> Token:
    token = await service.sign_in(user, before=await guard.known_before(request))
    return Token(access_token=token, expires_in=tokens.seconds_left(token))


@router.post("/logout", status_code=303, include_in_schema=False)
async def logout(request: Request) -> Response:
    """End this browser's session, in every tab, and go home; harmless when there is none any more."""
    response = RedirectResponse("/", status_code=303)
    try:
        identity = await guard.signed_in(request)
    except InvalidToken:
        return response
    await service.sign_out(identity)
    guard.clear_session_cookie(response)
    return response
