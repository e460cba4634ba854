"""What the forms of the sign-in pages are posted to, with scripts and without: signing in needs no live connection."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from checkout_app.accounts import people, recovery, service
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.buyer.forms.api import Filled, Taken, Taker, take

router = APIRouter(prefix="/api/auth", tags=["accounts"], **guard.open_to(Caller.ANYBODY))

ENTER: Final = "/api/auth/enter"


async def _enter(filled: Filled) -> Taken:
    form, email, password, place = filled["form"], filled["email"], filled["password"], filled.household
    if form == "guest":
        user = await service.guest(email, filled["name"])
    elif form == "login":
        user = await service.login(email, password, asked_from=place)
    else:
        user = await service.register(email, password, filled["name"], asked_from=place)
    return Taken(filled.leads_to, user)


async def _mail_code(filled: Filled) -> Taken:
    await recovery.ask_for_code(filled["email"], asked_from=filled.household)
    return Taken(f"/code?next={quote(filled.leads_to, safe='')}", mailbox=filled["email"])


async def _enter_by_code(filled: Filled) -> Taken:
    return Taken(
        filled.leads_to,
        await recovery.enter_by_code(filled.mailbox, filled["code"].strip(), asked_from=filled.household),
    )


async def _mail_link(filled: Filled) -> Taken:
    await recovery.ask_to_reset(filled["email"], asked_from=filled.household)
    return Taken("/sent")


async def _reset(filled: Filled) -> Taken:
    return Taken("/orders", await recovery.reset(filled.link, filled["password"], asked_from=filled.household))


async def _accept(filled: Filled) -> Taken:
    return Taken("/merchant", await people.accept(filled.link, filled["password"], filled["name"], filled["email"]))


async def _verify(filled: Filled) -> Taken:
    await recovery.verify(filled.link)
    return Taken("/orders")


_TAKING: Final[Mapping[str, Taker]] = {
    **dict.fromkeys(("guest", "login", "register"), _enter),
    "code": _mail_code,
    "enter-code": _enter_by_code,
    "forgot": _mail_link,
    "reset": _reset,
    **dict.fromkeys(("accept", "begin"), _accept),
    "verify": _verify,
}
"""What each form does, by the value of its button, `form`."""


@router.post("/enter", include_in_schema=False)
async def enter(request: Request) -> Response:
    """Do what a form of the sign-in pages asks for."""
    return await take(request, _TAKING)
