"""What the forms of the sign-in pages are posted to, with scripts and without: signing in needs no live connection."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from checkout_app.accounts import service
from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import User
from checkout_app.core import limits
from checkout_app.core.errors import InvalidInput, ShopError, refusal

router = APIRouter(prefix="/auth", tags=["accounts"], **guard.open_to(Caller.ANYBODY))

ENTER: Final = "/api/auth/enter"
_LONGEST_TEXT = 254
_Texts = Mapping[str, str]

_ENTERING: Mapping[str, Callable[[_Texts], Awaitable[User]]] = {
    "guest": lambda given: service.guest(given["email"], given["name"]),
    "login": lambda given: service.login(given["email"], given["password"]),
    "register": lambda given: service.register(given["email"], given["password"], given["name"]),
}
"""What each form does, by the value of its button, `form`."""


@router.post("/enter", include_in_schema=False)
async def enter(request: Request) -> Response:
    """Sign somebody in, set their cookie and lead on to the page that the query's `next` names.

    A script asks for JSON: it is told what is `next`, or else what is wrong, which is no error of the page's. Anybody
    else is led back to the page, to what it says at the place of `#form-field-wrong` or `#form-code`.
    """
    form, scripted = await _texts(request), "application/json" in request.headers.get("accept", "")
    try:
        token = await _let_in(request, form)
    except Exception as error:  # noqa: BLE001 - a person is told what may be told of it; what is unforeseen is logged
        return _refused(form["form"], refusal(error, "a form"), scripted=scripted)
    page = guard.safe_redirect_path(request.query_params.get("next", ""))
    response = JSONResponse({"next": page}) if scripted else RedirectResponse(page, status_code=303)
    guard.set_session_cookie(response, token)
    return response


async def _texts(request: Request) -> _Texts:
    """Read the fields of the form, whatever was sent; longer ones are cut, and one that is missing is empty."""
    sent = await request.form()
    given = {name: sent.get(name) for name in ("form", "email", "name", "password")}
    return {name: text[:_LONGEST_TEXT] if isinstance(text, str) else "" for name, text in given.items()}


async def _let_in(request: Request, form: _Texts) -> str:
    """Authenticate who filled in a form, and open a session; returns its token."""
    guard.require_own_page(request)
    await limits.hit("enter", guard.household_of(request))
    if form["form"] not in _ENTERING:
        raise InvalidInput({"form": "There is no such form."})
    user = await _ENTERING[form["form"]](form)
    return await service.sign_in(user, before=await guard.known_before(request))


def _refused(form: str, error: ShopError, *, scripted: bool) -> Response:
    """Say what was wrong: to a script in full, else by the place of the page that says it."""
    fields = error.fields if isinstance(error, InvalidInput) else {}
    if scripted:
        return JSONResponse({"detail": error.detail, "fields": fields})
    place = f"{next(iter(fields))}-wrong" if fields else error.code
    return RedirectResponse(f"#{form}-{place}", status_code=303)
