"""What the forms of the sign-in pages are posted to, with scripts and without: signing in needs no live connection."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from checkout_app.accounts import recovery, service
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import User
from checkout_app.core import limits
from checkout_app.core.errors import InvalidInput, ShopError, refusal

router = APIRouter(prefix="/auth", tags=["accounts"], **guard.open_to(Caller.ANYBODY))

ENTER: Final = "/api/auth/enter"
_LONGEST_TEXT = 254
_FIELDS: Final = ("form", "email", "name", "password", "code")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, and what came with it; what is missing is empty."""

    given: Mapping[str, str]
    link: str
    """What a mailed link carries, by which its page was opened."""
    mailbox: str
    """Where a code was mailed to, as this browser knows."""
    leads_to: str
    """The page that the query's `next` names."""
    household: str

    def __getitem__(self, name: str) -> str:
        """Return a field."""
        return self.given[name]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a form: who is let in, if anybody, to which page it leads on, and where a code was mailed to."""

    leads_to: str
    user: User | None = None
    mailbox: str = ""


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


async def _verify(filled: Filled) -> Taken:
    await recovery.verify(filled.link)
    return Taken("/orders")


_TAKING: Mapping[str, Callable[[Filled], Awaitable[Taken]]] = {
    **dict.fromkeys(("guest", "login", "register"), _enter),
    "code": _mail_code,
    "enter-code": _enter_by_code,
    "forgot": _mail_link,
    "reset": _reset,
    "verify": _verify,
}
"""What each form does, by the value of its button, `form`."""


@router.post("/enter", include_in_schema=False)
async def enter(request: Request) -> Response:
    """Do what a form asks for, set the cookie of who is let in, and lead on.

    A script asks for JSON: it is told what is `next`, or else what is wrong, which is no error of the page's. Anybody
    else is led back to the page, to what it says at the place of `#form-field-wrong` or `#form-code`.
    """
    filled, scripted = await _filled(request), "application/json" in request.headers.get("accept", "")
    try:
        taken, token = await _take(request, filled)
    except Exception as error:  # noqa: BLE001 - a person is told what may be told of it; what is unforeseen is logged
        return _refused(filled["form"], refusal(error, "a form"), scripted=scripted)
    response = JSONResponse({"next": taken.leads_to}) if scripted else RedirectResponse(taken.leads_to, status_code=303)
    if token:
        guard.set_session_cookie(response, token)
    if taken.mailbox:
        guard.remember_mailbox(response, taken.mailbox)
    return response


async def _filled(request: Request) -> Filled:
    """Read a form, whatever was sent; longer texts are cut, and one that is missing is empty."""
    sent = await request.form()
    given = {name: sent.get(name) for name in _FIELDS}
    return Filled(
        given={name: text[:_LONGEST_TEXT] if isinstance(text, str) else "" for name, text in given.items()},
        link=request.query_params.get("link", "")[:_LONGEST_TEXT],
        mailbox=guard.mailbox_in(request)[:_LONGEST_TEXT],
        leads_to=guard.safe_redirect_path(request.query_params.get("next", "")),
        household=guard.household_of(request),
    )


async def _take(request: Request, filled: Filled) -> tuple[Taken, str]:
    """Do what a form asks for, and open a session for who is let in; returns its token, or nothing."""
    guard.require_own_page(request)
    await limits.hit("enter", filled.household)
    if filled["form"] not in _TAKING:
        raise InvalidInput({"form": "There is no such form."})
    taken = await _TAKING[filled["form"]](filled)
    if taken.user is None:
        return taken, ""
    return taken, await service.sign_in(taken.user, before=await guard.known_before(request))


def _refused(form: str, error: ShopError, *, scripted: bool) -> Response:
    """Say what was wrong: to a script in full, else by the place of the page that says it."""
    fields = error.fields if isinstance(error, InvalidInput) else {}
    if scripted:
        return JSONResponse({"detail": error.detail, "fields": fields})
    place = f"{next(iter(fields))}-wrong" if fields else error.code
    return RedirectResponse(f"#{form}-{place}", status_code=303)
