"""The guard that pages and API share: it turns a cookie or a bearer token into an identity, by `auth.tokens`.

Identity is proven anew on every event and every request. What a page's state remembers about a visitor is for showing.
Every route says by `open_to` for whom it is there, itself or by its router.
"""

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from fastapi import Depends, Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from checkout_app.auth import tokens
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import FactorWanted, InvalidToken, NotPermitted
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.core import addresses
from checkout_app.core.described import ANY_REFUSAL, Answers, refusal
from checkout_app.core.settings import settings

LONGEST_PATH = 300
_MAILBOX_SECONDS = 600
CART_COUNT: Final = "cart-count"
"""The cookie that tells a page's script how much is in the cart, which the header of every page shows."""
LinkKey = Annotated[str | None, Query(max_length=64)]
"""The key of an order's signed link."""
PROOFS: Final[Mapping[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "razorpay": {"type": "apiKey", "in": "header", "name": "X-Razorpay-Signature"},
}
"""By what somebody proves who they are, as the API's description has it."""


def cookie_name() -> str:
    """Return the session cookie's name; over https the prefix makes browsers refuse it from anywhere but this host."""
    return "__Host-session" if settings().secure else "session"


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the browser its session, out of reach of scripts."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=tokens.seconds_left(token),
        httponly=True,
        secure=settings().secure,
        samesite="lax",
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the browser's session back, and what it was told of whose session it was."""
    response.delete_cookie(cookie_name(), httponly=True, secure=settings().secure, samesite="lax", path="/")
    forget_cart_count(response)


def forget_cart_count(response: Response) -> None:
    """Let the browser know of nothing in the cart."""
    response.delete_cookie(CART_COUNT, secure=settings().secure, samesite="lax", path="/")


def remember_mailbox(response: Response, email: str) -> None:
    """Let the browser know where a code was mailed to, for as long as that is good; nobody has to type it again."""
    response.set_cookie(
        _mailbox_name(),
        quote(email),
        max_age=_MAILBOX_SECONDS,
        httponly=True,
        secure=settings().secure,
        samesite="lax",
        path="/",
    )


def mailbox_in(request: Request) -> str:
    """Return where this browser had a code mailed to, as it says itself; empty when it does not know."""
    return unquote(request.cookies.get(_mailbox_name(), ""))


def _mailbox_name() -> str:
    return "__Host-mailbox" if settings().secure else "mailbox"


async def identify(cookie_header: str) -> Identity:
    """Tell who sends these cookies; raises InvalidToken for a stranger."""
    return await tokens.validate(_token_in(cookie_header))


def claims_in(cookie_header: str) -> Claims:
    """Read who sends these cookies, for a service that asks the database; raises InvalidToken."""
    return tokens.read(_token_in(cookie_header))


async def anybody() -> None:
    """Let in whoever comes."""


async def claims(request: Request) -> Claims:
    """Read who makes a request, by its bearer token or else by its cookie, for a service that asks the database.

    Raises InvalidToken. A cookie is sent by the browser without being asked, so with it a request that changes
    something must come from our own pages.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return tokens.read(token.strip())
    if request.method not in {"GET", "HEAD"}:
        require_own_page(request)
    return claims_in(request.headers.get("cookie", ""))


async def claims_if_any(request: Request) -> Claims | None:
    """Read who makes a request likewise; None for a stranger, who is let in too."""
    try:
        return await claims(request)
    except InvalidToken:
        return None


async def signed_in(request: Request) -> Identity:
    """Tell who makes a request, in a question of its own; raises InvalidToken."""
    return await tokens.meet(await claims(request))


async def known_before(request: Request) -> Identity | None:
    """Tell who somebody is until now who is about to sign in; None for a stranger."""
    try:
        return await signed_in(request)
    except InvalidToken:
        return None


async def account(request: Request) -> Identity:
    """Tell who makes a request with an account; raises InvalidToken, FactorWanted, and NotPermitted for a guest."""
    return admitted(await signed_in(request), Caller.ACCOUNT)


async def at_the_door(request: Request) -> Identity:
    """Tell who of the people of the shop is about to show their second factor; raises InvalidToken, NotPermitted."""
    return admitted(await signed_in(request), Caller.AT_THE_DOOR)


async def shop(request: Request) -> Identity:
    """Tell who of the people of the shop makes a request; raises InvalidToken, NotPermitted, FactorWanted."""
    return admitted(await signed_in(request), Caller.SHOP)


async def shippers(request: Request) -> Identity:
    """Tell who sends the shop's parcels makes a request; raises InvalidToken, NotPermitted, FactorWanted."""
    return admitted(await signed_in(request), Caller.SHIPPERS)


async def owner(request: Request) -> Identity:
    """Tell which owner of the shop makes a request; raises InvalidToken, NotPermitted, FactorWanted."""
    return admitted(await signed_in(request), Caller.OWNER)


def admitted(identity: Identity, caller: Caller) -> Identity:
    """Let in who is of the right role, and of the shop not by a password alone; raises NotPermitted, FactorWanted."""
    if not caller.admits(identity.role):
        raise NotPermitted
    if caller is not Caller.AT_THE_DOOR and identity.role in Caller.SHOP.roles and identity.factor_at is None:
        raise FactorWanted
    return identity


async def link_holder(request: Request, key: LinkKey = None) -> Identity | None:
    """Tell who asks for an order; None for who brings the key of a link, which the order's service looks at.

    Raises InvalidToken.
    """
    return await signed_in(request) if key is None else None


async def gateway(request: Request) -> str:
    """Return the signature that a webhook brings, for the service to look at; raises InvalidToken without one."""
    if signature := request.headers.get("x-razorpay-signature"):
        return signature
    raise InvalidToken("There is no signature.")


_STRANGER: Final[Answers] = {401: refusal("Nobody is signed in: the token is missing, forged or over.")}
_NOT_THEIRS: Final[Answers] = {403: refusal("Signed in, but for somebody else, or for who shows a second factor.")}
_DOORS: Final[Mapping[Caller, tuple[Callable[..., Any], Answers]]] = {
    Caller.ANYBODY: (anybody, {}),
    Caller.SIGNED_IN: (claims, _STRANGER),
    Caller.LINK_HOLDER: (link_holder, _STRANGER),
    Caller.ACCOUNT: (account, _STRANGER | _NOT_THEIRS),
    Caller.AT_THE_DOOR: (at_the_door, _STRANGER | _NOT_THEIRS),
    Caller.SHOP: (shop, _STRANGER | _NOT_THEIRS),
    Caller.SHIPPERS: (shippers, _STRANGER | _NOT_THEIRS),
    Caller.OWNER: (owner, _STRANGER | _NOT_THEIRS),
    Caller.GATEWAY: (gateway, _STRANGER),
}


def open_to(caller: Caller, also: Answers | None = None) -> dict[str, Any]:
    """Declare for whom a route or all of a router is there: what lets them in, and what the API's description says.

    `also` are answers of its own.
    """
    door, answers = _DOORS[caller]
    return {"dependencies": [Depends(door)], "responses": ANY_REFUSAL | answers | (also or {})}


def declared(route: APIRoute) -> set[Caller]:
    """Tell for whom a route says that it is there."""
    doors = {depends.dependency for depends in route.dependencies}
    return {caller for caller, (door, _) in _DOORS.items() if door in doors}


def settle(route: APIRoute) -> None:
    """Describe by what a route is opened, and take out of its way what asks nothing, or what its function asks too.

    Each dependency costs a request some twenty microseconds, even one that was asked before.
    """
    [caller] = declared(route)
    door, _ = _DOORS[caller]
    asked = route.dependant.dependencies
    doors = [dependant for dependant in asked if dependant.call is door]
    for spare in doors if caller is Caller.ANYBODY else doors[:-1]:
        asked.remove(spare)
    if caller is not Caller.ANYBODY:
        proof: dict[str, list[str]] = {"razorpay" if caller is Caller.GATEWAY else "bearer": []}
        extra = route.openapi_extra or {}
        others = [other for other in extra.get("security", []) if other != proof]
        route.openapi_extra = extra | {"security": [proof, *others]}


def _token_in(cookie_header: str) -> str:
    try:
        morsel = SimpleCookie(cookie_header).get(cookie_name())
    except CookieError as error:
        raise InvalidToken from error
    if morsel is None:
        raise InvalidToken
    return morsel.value


def require_own_page(request: Request) -> None:
    """Refuse a browser's request that another site's page sent; raises InvalidToken."""
    if request.headers.get("origin", "") not in settings().allowed_origins:
        raise InvalidToken


def safe_redirect_path(path: str) -> str:
    """Return a path of this shop as it is, and anything else as `/`: nobody is sent elsewhere after signing in."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own and len(path) <= LONGEST_PATH else "/"


def household_of(request: Request) -> str:
    """Return by which network address a request is counted, as what stands in front of the shop has told it."""
    return addresses.household_of(request.client.host) if request.client else ""
