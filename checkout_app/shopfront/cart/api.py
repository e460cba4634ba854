"""What the cart's page shows and its forms are posted to, with scripts and without; and an order once more."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Final, Self
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.cart import service as carts
from checkout_app.cart.api import CartBody, begun, tell_browser, told, whose
from checkout_app.cart.contents import Contents
from checkout_app.cart.owner import KEPT_FOR, Owner
from checkout_app.core import ids
from checkout_app.core.errors import InvalidInput, refusal
from checkout_app.core.settings import settings
from checkout_app.delivery.address import PIN_COOKIE, plain, remembered
from checkout_app.delivery.places import place_of
from checkout_app.orders.errors import OrderNotFound
from checkout_app.shopfront.cart import again, service
from checkout_app.shopfront.service import Content

router = APIRouter(prefix="/api/cart", tags=["cart"])

FORM: Final = "/api/cart/form"
_FIELDS: Final = ("product", "variant", "line", "version", "quantity", "pin", "order")
_NO_PIN: Final = f"{service.PATH}#cart-{PIN_COOKIE}"
_LONGEST_TEXT: Final = 80


class FromOrderBody(BaseModel):
    """Which order is wanted again."""

    model_config = ConfigDict(strict=True)

    order_id: Annotated[str, Field(min_length=1, max_length=ids.ID_LENGTH)]


class CartAgainBody(CartBody):
    """The cart after an order was put into it, and how what was `wanted` stands."""

    wanted: list[again.WantedLine]

    @classmethod
    def of(cls, cart: CartBody, wanted: again.Wanted) -> Self:
        """Describe both."""
        return cls(**cart.model_dump(), wanted=list(wanted.lines))


@router.post("/from-order", **guard.open_to(Caller.SIGNED_IN))
async def order_again(
    body: FromOrderBody,
    response: Response,
    owner: Annotated[Owner, Depends(whose)],
    buyer: Annotated[Identity, Depends(guard.signed_in)],
) -> CartAgainBody:
    """Let what one of one's own orders was of be in the cart, whatever its version, as much of it as can be had."""
    cart, wanted = await again.order_again(owner, buyer, body.order_id)
    return CartAgainBody.of(told(response, cart), wanted)


@router.post("/form", include_in_schema=False, **guard.open_to(Caller.ANYBODY))
async def take_form(request: Request) -> Response:
    """Do what a form asks for, and lead to the cart; a script is told in words what came of it, and stays."""
    scripted = "application/json" in request.headers.get("accept", "")
    try:
        asking, given = await whose(request), await _given(request)
        if given["pin"]:
            return _remembering(plain(given["pin"]))
        if given["order"]:
            return await _again(request, asking, given["order"])
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


async def cart_shown(request: Request, asked: Mapping[str, Sequence[str]]) -> tuple[Contents, Content]:
    """Return the cart of who asks and its page, which says what became of the order that its query names."""
    cart, wanted = await carts.contents(await whose(request)), None
    if (order_id := next(iter(asked.get("again", ())), "")) and (buyer := await guard.known_before(request)):
        with suppress(OrderNotFound, InvalidInput):  # nothing can be said of it then, and the cart is there
            wanted = await again.wanted(cart, buyer, order_id)
    return cart, await service.content(cart, remembered(request.cookies), wanted)


async def _again(request: Request, owner: Owner, order_id: str) -> Response:
    """Put an order into the cart again and lead there; who is signed out by now signs in first."""
    buyer = await guard.known_before(request)
    if buyer is None:
        return RedirectResponse(f"/login?next={quote(f'/orders/{order_id}', safe='')}", status_code=303)
    cart, _ = await again.order_again(owner, buyer, order_id)
    response = RedirectResponse(f"{service.PATH}?again={quote(order_id)}#content", status_code=303)
    tell_browser(response, cart)
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
