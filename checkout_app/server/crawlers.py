"""Files that programs ask a shop for, made when they are asked for: they know what is true of the shop today."""

from datetime import UTC, datetime, time, timedelta
from html import escape
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.catalog import listing, window
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.seller.contact import security_contact
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.paths import product_path, shelf_path

_PRIVATE_PATHS = (
    *("/api/", "/cart", "/checkout", "/merchant", "/orders", "/login", "/continue", "/sandbox/"),
    *("/accept", "/account", "/begin", "/code", "/forgot", "/reset", "/second-factor", "/sent", "/verify"),
)
_PAGE_SIZE = 100
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HOLDS_FOR: Final = timedelta(days=90)
"""For how long it may be believed where to write to: RFC 9116 wants a day on which that ends, within a year."""


def guide_crawlers(app: ASGIApp) -> ASGIApp:
    """Answer what search engines ask for, and who looks for weaknesses; pass everything else on."""
    answers = {"/robots.txt": _robots, "/sitemap.xml": _sitemap, "/.well-known/security.txt": _security}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        answer = answers.get(scope["path"]) if scope["type"] == "http" else None
        response = await answer() if answer else None
        await (response or app)(scope, receive, send)

    return serve


async def _robots() -> Response:
    rules = [f"Disallow: {path}" for path in _PRIVATE_PATHS]
    lines = ["User-agent: *", *rules, f"Sitemap: {settings().public_url}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines))


async def _security() -> Response | None:
    """Say where to write to; None when the shopkeeper has not said it."""
    contact = await security_contact()
    if not contact:
        return None
    until = datetime.combine(clock.now().date() + _HOLDS_FOR, time(tzinfo=UTC))
    own = f"{settings().public_url}/.well-known/security.txt"
    lines = [f"Contact: {contact}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", f"Canonical: {own}", ""]
    return PlainTextResponse("\n".join(lines))


async def _sitemap() -> Response:
    cursor: str | None = None
    shop = await presentation()
    async with database.read() as session:
        known = window.categories((await session.exec(window.CATEGORIES)).all())
        paths = ["/", *(policy.href for policy in shop.policies), *(shelf_path(category.slug) for category in known)]
        while True:
            statement, values = listing.question(cursor=cursor, limit=_PAGE_SIZE)
            page = listing.page((await session.exec(statement, **values)).all(), **values)
            paths += [product_path(product.slug) for product in page.items]
            if (cursor := page.next_cursor) is None:
                break
    places = "".join(f"<url><loc>{escape(settings().public_url + path)}</loc></url>" for path in paths)
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">{places}</urlset>\n'
    return Response(document, media_type="application/xml; charset=utf-8")
