"""What the first byte of a page says to people and crawlers: a product's own head, and real 404s."""

from html import escape

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.service import get_product
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.server.serve import SHELL, built_files, page_of

PRODUCT_PATH = "/product/"


def introduce_products(app: ASGIApp) -> ASGIApp:
    """Give `/product/<slug>` a head of its own, and 404 when it is not for sale.

    A product that was there when the pages were built has a page already; one that came later gets the shell with its
    title, so that a link to it is never nameless.
    """
    root = built_files()
    shell = (root / SHELL).read_text(encoding="utf-8")

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        slug = _slug(scope)
        if slug is None:
            await app(scope, receive, send)
            return
        head = await _head(slug)
        if head is None:
            page = _with_head(shell, '<meta name="robots" content="noindex"/>')
            await HTMLResponse(page, 404, {"cache-control": "no-cache"})(scope, receive, send)
        elif page_of(root, scope["path"]) == SHELL:
            page = _with_head(shell, head)
            await HTMLResponse(page, headers={"cache-control": "no-cache"})(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve


def _slug(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path: str = scope["path"]
    slug = path.removeprefix(PRODUCT_PATH).rstrip("/")
    return slug if path.startswith(PRODUCT_PATH) and slug and "/" not in slug else None


async def _head(slug: str) -> str | None:
    """Return what the head of a product's page says; None when nothing of this name is for sale."""
    try:
        async with database.ask() as session:
            product = (await get_product(session, slug)).product
    except ProductNotFound:
        return None
    title = escape(f"{product.name} · {settings().shop_name}")
    summary = escape(product.summary)
    page = escape(f"{settings().public_url}{PRODUCT_PATH}{product.slug}")
    image = escape(f"{settings().public_url}/{product.image}")
    return (
        f'<title>{title}</title><meta name="description" content="{summary}"/><link rel="canonical" href="{page}"/>'
        f'<meta property="og:type" content="product"/><meta property="og:title" content="{title}"/>'
        f'<meta property="og:description" content="{summary}"/><meta property="og:image" content="{image}"/>'
    )


def _with_head(page: str, head: str) -> str:
    return page.replace("</head>", f"{head}</head>", 1)
