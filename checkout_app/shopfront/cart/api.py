"""What the forms are posted to that put something into the cart and change it, with scripts and without."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.cart.api import begun, tell_browser, whose
from checkout_app.cart.owner import KEPT_FOR
from checkout_app.core.errors import refusal
from checkout_app.core.settings import settings
from checkout_app.delivery.address import PIN_COOKIE, plain
from checkout_app.delivery.places import place_of
from checkout_app.shopfront.cart import service

router = APIRouter(prefix="/api/cart", include_in_schema=False, **guard.open_to(Caller.ANYBODY))

FORM: Final = "/api/cart/form"
_FIELDS: Final = ("product", "line", "version", "quantity", "pin")
_NO_PIN: Final = f"{service.PATH}#cart-{PIN_COOKIE}"
_LONGEST_TEXT: Final = 80


@router.post("/form")
async def take_form(request: Request) -> Response:
    """Do what a form asks for, and lead to the cart; a script is told in words what came of it, and stays."""
    scripted = "application/json" in request.headers.get("accept", "")
    try:
        asking, given = await whose(request), await _given(request)
        if given["pin"]:
            return _remembering(plain(given["pin"]))
        owner, secret = await begun(request, asking)
        cart = await service.take(owner, given)
    except Exception as error:  # noqa: BLE001 - a person is told what may be told of it; what is unforeseen is logged
        refused = refusal(error, "a form")
        if scripted:
            return JSONResponse({"detail": refused.detail})
        return RedirectResponse(f"{service.PATH}#cart-{refused.code}", status_code=303)
    response = (
        JSONResponse({"detail": service.added(cart)})
        if scripted
        else RedirectResponse(f"{service.PATH}#content", status_code=303)
    )
    tell_browser(response, cart, secret)
    return response


def _remembering(pin: str) -> Response:
    """Let the browser remember a PIN, and lead to the cart, which says what it costs to send it there."""
    if place_of(pin) is None:
        return RedirectResponse(_NO_PIN, status_code=303)
    response = RedirectResponse(f"{service.PATH}#content", status_code=303)
    age = int(KEPT_FOR.total_seconds())
    response.set_cookie(PIN_COOKIE, pin, max_age=age, secure=settings().secure, samesite="lax", httponly=True)
    return response


async def _given(request: Request) -> Mapping[str, str]:
    """Read the fields of a form, whatever was sent; longer texts are cut, and one that is missing is empty."""
    sent = await request.form()
    given = {name: sent.get(name) for name in _FIELDS}
    return {name: text[:_LONGEST_TEXT] if isinstance(text, str) else "" for name, text in given.items()}
