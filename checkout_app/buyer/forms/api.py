"""How a form is taken that was posted to a page's own address, with scripts and without."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from checkout_app.accounts import service
from checkout_app.auth import guard, tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Identity
from checkout_app.cart import service as carts
from checkout_app.cart.api import tell_browser
from checkout_app.cart.contents import Contents
from checkout_app.cart.owner import Owner
from checkout_app.core import limits
from checkout_app.core.errors import InvalidInput, ShopError, refusal

_LONGEST_TEXT: Final = 254
_ACCOUNT_FIELDS: Final = ("email", "name", "password", "new_password", "code", "session", "address")
_FIELDS: Final = ("form", *_ACCOUNT_FIELDS, "order", "request", "note")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, and what came with it; what is missing is empty."""

    given: Mapping[str, str]
    who: Identity | None
    """Who has sent it, as far as the browser is signed in."""
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
    """What came of a form: to which page it leads on, who is let in or signed out, and where a code was mailed to."""

    leads_to: str
    user: User | None = None
    signed_out: bool = False
    mailbox: str = ""


Taker = Callable[[Filled], Awaitable[Taken]]


async def take(request: Request, takers: Mapping[str, Taker]) -> Response:
    """Do what a form asks for, set the cookie of who is let in, and lead on.

    A script asks for JSON: it is told what is `next`, or else what is wrong, which is no error of the page's. Anybody
    else is led back to the page, to what it says at the place of `#form-field-wrong` or `#form-code`.
    """
    sent, scripted = await _given(request), "application/json" in request.headers.get("accept", "")
    try:
        taken, token = await _take(request, sent, takers)
    except Exception as error:  # noqa: BLE001 - a person is told what may be told of it; what is unforeseen is logged
        return _refused(sent["form"], refusal(error, "a form"), scripted=scripted)
    response = JSONResponse({"next": taken.leads_to}) if scripted else RedirectResponse(taken.leads_to, status_code=303)
    if taken.signed_out:
        guard.clear_session_cookie(response)
    if token:
        guard.set_session_cookie(response, token)
        tell_browser(response, await _cart_of(request, token))
    if taken.mailbox:
        guard.remember_mailbox(response, taken.mailbox)
    return response


async def _cart_of(request: Request, token: str) -> Contents:
    """Return the cart of who is let in, of which what their browser had is a part from now on."""
    return await carts.contents(Owner.of(tokens.read(token), request.cookies))


async def _given(request: Request) -> Mapping[str, str]:
    """Read the fields of a form, whatever was sent; longer texts are cut, and one that is missing is empty."""
    sent = await request.form()
    given = {name: sent.get(name) for name in _FIELDS}
    return {name: text[:_LONGEST_TEXT] if isinstance(text, str) else "" for name, text in given.items()}


async def _take(request: Request, given: Mapping[str, str], takers: Mapping[str, Taker]) -> tuple[Taken, str]:
    """Do what a form asks for, and open a session for who is let in; returns its token, or nothing."""
    guard.require_own_page(request)
    household = guard.household_of(request)
    await limits.hit("enter", household)
    if given["form"] not in takers:
        raise InvalidInput({"form": "There is no such form."})
    filled = Filled(
        given=given,
        who=await guard.known_before(request),
        link=request.query_params.get("link", "")[:_LONGEST_TEXT],
        mailbox=guard.mailbox_in(request)[:_LONGEST_TEXT],
        leads_to=guard.safe_redirect_path(request.query_params.get("next", "")),
        household=household,
    )
    taken = await takers[given["form"]](filled)
    if taken.user is None:
        return taken, ""
    token = await service.sign_in(taken.user, before=filled.who)
    if taken.user.role in Caller.SHOP.roles:
        return Taken(f"/second-factor?next={quote(taken.leads_to, safe='')}"), token
    return taken, token


def _refused(form: str, error: ShopError, *, scripted: bool) -> Response:
    """Say what was wrong: to a script in full, else by the place of the page that says it."""
    fields = error.fields if isinstance(error, InvalidInput) else {}
    if scripted:
        return JSONResponse({"detail": error.detail, "fields": fields})
    place = f"{next(iter(fields))}-wrong" if fields else error.code
    return RedirectResponse(f"#{form}-{place}", status_code=303)
