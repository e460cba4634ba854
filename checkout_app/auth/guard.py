"""The guard that pages and API share: it turns a cookie or a bearer token into an identity, by `auth.tokens`.

Identity is proven anew on every event and every request. What a page's state remembers about a visitor is for showing.
"""

from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request
from starlette.responses import Response

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken, NotPermitted
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core.settings import settings


def cookie_name() -> str:
    """Return the session cookie's name; over https the prefix makes browsers refuse it from anywhere but this host."""
    return "__Host-session" if settings().secure else "session"


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the browser its session, out of reach of scripts."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(tokens.LIFETIME.total_seconds()),
        httponly=True,
        secure=settings().secure,
        samesite="lax",
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the browser's session back."""
    response.delete_cookie(cookie_name(), httponly=True, secure=settings().secure, samesite="lax", path="/")


async def identify(cookie_header: str) -> Identity:
    """Tell who sends these cookies; raises InvalidToken for a stranger."""
    try:
        morsel = SimpleCookie(cookie_header).get(cookie_name())
    except CookieError as error:
        raise InvalidToken from error
    if morsel is None:
        raise InvalidToken
    return await tokens.validate(morsel.value)


async def signed_in(request: Request) -> Identity:
    """Tell who makes a request, by its bearer token or else by its cookie; the API's dependency. Raises InvalidToken.

    A cookie is sent by the browser without being asked, so with it a request that changes something must come from our
    own pages.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await tokens.validate(token.strip())
    if request.method not in {"GET", "HEAD"}:
        require_own_page(request)
    return await identify(request.headers.get("cookie", ""))


async def merchant(request: Request) -> Identity:
    """Tell which shopkeeper makes a request; raises InvalidToken, NotPermitted."""
    identity = await signed_in(request)
    if identity.role is not Role.MERCHANT:
        raise NotPermitted
    return identity


def require_own_page(request: Request) -> None:
    """Refuse a browser's request that another site's page sent; raises InvalidToken."""
    if request.headers.get("origin", "") not in settings().allowed_origins:
        raise InvalidToken


def address_of(request: Request) -> str:
    """Return the network address a request comes from; behind https a proxy stands in front, and says who called."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if settings().secure and forwarded:
        return forwarded
    return request.client.host if request.client else ""
