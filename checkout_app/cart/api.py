"""A cart over HTTP: of who is signed in, and else of the browser, by a cookie.

Every answer has the cart's version as its ETag. Who changes what they saw says it in `If-Match`; who adds need not.
"""

from functools import partial
from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.guard import CART_COUNT
from checkout_app.cart import service
from checkout_app.cart.contents import Contents
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.cart.owner import KEPT_FOR, Owner, cookie_name, new_secret
from checkout_app.core import limits
from checkout_app.core.described import TOO_MANY, Answers, refusal
from checkout_app.core.settings import settings

router = APIRouter(prefix="/api/cart", tags=["cart"])

_Id = Annotated[str, Field(min_length=1, max_length=80)]
_Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
_Version = Annotated[str, Header(alias="If-Match", pattern=r'^(?:[0-9]{1,9}|"[0-9]{1,9}")$')]
_CHANGED: Final[Answers] = {409: refusal("It is another version by now: `cart` is what it is.")}


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)


class WantedBody(_Body):
    """So many units of a variant, or of a product, by its id or slug: that is the first of its variants."""

    product_id: _Id | None = None
    variant_id: _Id | None = None
    quantity: _Quantity = 1

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.product_id is None) == (self.variant_id is None):
            raise ValueError("give product_id or variant_id")
        return self

    @property
    def name(self) -> str:
        """What is wanted, as the catalogue finds it."""
        return self.variant_id or self.product_id or ""


class WholeCart(_Body):
    """Everything that is to be in the cart."""

    items: Annotated[list[WantedBody], Field(max_length=MAX_LINES)]


class QuantityBody(_Body):
    """How many units are wanted."""

    quantity: _Quantity


class CartLineBody(BaseModel):
    """A line; amounts in minor units, by the price of now.

    `was` is what one cost when it was put there, where that is something else; `left` how many are left, where that is
    fewer; `merged` how many came from another cart, until its buyer changes how many they want.
    """

    id: str
    product_id: str
    variant_id: str
    slug: str
    name: str
    image_url: str
    quantity: int
    unit_amount: int
    amount: int
    was: int | None
    left: int | None
    for_sale: bool
    merged: int


class CartBody(BaseModel):
    """A cart as it is now; `subtotal` is of what is still for sale."""

    version: int
    lines: list[CartLineBody]
    units: int
    subtotal: int
    currency: str


async def whose(request: Request) -> Owner:
    """Tell whose cart a request is about; raises InvalidToken where another site's page wants to change it."""
    by_token = request.headers.get("authorization", "").lower().startswith("bearer ")
    if not by_token and request.method not in {"GET", "HEAD"}:
        guard.require_own_page(request)
    return Owner.of(await guard.known_before(request), {} if by_token else request.cookies)


async def begun(request: Request, owner: Owner) -> tuple[Owner, str]:
    """Let a browser have a cart that has none; returns whose it is now, and the secret that is to be its cookie's."""
    if not owner.is_nobody:
        return owner, "" if owner.user_id else request.cookies[cookie_name()]
    await limits.hit("cart", guard.household_of(request))
    secret = new_secret()
    return Owner.of(None, {cookie_name(): secret}), secret


def tell_browser(response: Response, cart: Contents, secret: str = "") -> None:
    """Let the browser know how much is in its cart, for the header of every page, and by what it is known."""
    keep = partial(
        response.set_cookie, max_age=int(KEPT_FOR.total_seconds()), secure=settings().secure, samesite="lax", path="/"
    )
    if secret:
        keep(cookie_name(), secret, httponly=True)
    if cart.units:
        keep(CART_COUNT, str(cart.units))
    else:
        guard.forget_cart_count(response)


def told(response: Response, cart: Contents, secret: str = "") -> CartBody:
    """Answer with a cart: its version as the ETag, and to the browser how much is in it."""
    response.headers["etag"] = f'"{cart.version}"'
    tell_browser(response, cart, secret)
    return CartBody.model_validate(cart.told())


_Owner = Annotated[Owner, Depends(whose)]


@router.get("", **guard.open_to(Caller.ANYBODY))
async def get_cart(response: Response, owner: _Owner) -> CartBody:
    """Show the cart, with the prices of now and what has changed since something was put there."""
    return told(response, await service.contents(owner))


@router.put("", **guard.open_to(Caller.ANYBODY, _CHANGED | TOO_MANY))
async def put_cart(body: WholeCart, request: Request, response: Response, owner: _Owner, version: _Version) -> CartBody:
    """Let exactly this be in the cart."""
    wanted: dict[str, int] = {}
    for item in body.items:
        wanted[item.name] = wanted.get(item.name, 0) + item.quantity
    owner, secret = await begun(request, owner)
    return told(response, await service.fill(owner, wanted, version=_number(version)), secret)


@router.post("/lines", status_code=201, **guard.open_to(Caller.ANYBODY, TOO_MANY))
async def add_line(body: WantedBody, request: Request, response: Response, owner: _Owner) -> CartBody:
    """Put so many more units of something into the cart, whatever its version."""
    owner, secret = await begun(request, owner)
    return told(response, await service.add(owner, body.name, body.quantity), secret)


@router.patch("/lines/{line_id}", **guard.open_to(Caller.ANYBODY, _CHANGED))
async def change_line(
    line_id: str, body: QuantityBody, response: Response, owner: _Owner, version: _Version
) -> CartBody:
    """Let another number of units be in a line."""
    return told(response, await service.set_quantity(owner, line_id, body.quantity, version=_number(version)))


@router.delete("/lines/{line_id}", **guard.open_to(Caller.ANYBODY, _CHANGED))
async def remove_line(line_id: str, response: Response, owner: _Owner, version: _Version) -> CartBody:
    """Take a line out."""
    return told(response, await service.remove(owner, line_id, version=_number(version)))


def _number(version: str) -> int:
    return int(version.strip('"'))
