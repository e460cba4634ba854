"""`/robots.txt` and `/sitemap.xml`, made when they are asked for: they know today's products and the shop's address."""

from html import escape

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.catalog import listing, window
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.shopfront.views import product_path, shelf_path

_PRIVATE_PATHS = ("/api/", "/checkout", "/orders", "/login", "/continue", "/sandbox/")
_PAGE_SIZE = 100
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def guide_crawlers(app: ASGIApp) -> ASGIApp:
    """Answer the two files that search engines ask for; pass everything else on."""
    answers = {"/robots.txt": _robots, "/sitemap.xml": _sitemap}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        answer = answers.get(scope["path"]) if scope["type"] == "http" else None
        await (app if answer is None else await answer())(scope, receive, send)

    return serve


async def _robots() -> Response:
    rules = [f"Disallow: {path}" for path in _PRIVATE_PATHS]
    lines = ["User-agent: *", *rules, f"Sitemap: {settings().public_url}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines))


async def _sitemap() -> Response:
    cursor: str | None = None
    async with database.read() as session:
        known = window.categories((await session.exec(window.CATEGORIES)).all())
        paths = ["/", *(shelf_path(category.slug) for category in known)]
        while True:
            statement, values = listing.question(cursor=cursor, limit=_PAGE_SIZE)
            page = listing.page((await session.exec(statement, **values)).all(), **values)
            paths += [product_path(product.slug) for product in page.items]
            if (cursor := page.next_cursor) is None:
                break
    places = "".join(f"<url><loc>{escape(settings().public_url + path)}</loc></url>" for path in paths)
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">{places}</urlset>\n'
    return Response(document, media_type="application/xml")
