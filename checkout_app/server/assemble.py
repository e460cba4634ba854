"""The order in which a request passes through the shop's web parts."""

from collections.abc import Callable

from reflex.utils.exec import is_prod_mode
from starlette.applications import Starlette
from starlette.types import ASGIApp

from checkout_app.server.api import build_api
from checkout_app.server.crawlers import guide_crawlers
from checkout_app.server.heads import introduce_products
from checkout_app.server.logs import redact_secrets
from checkout_app.server.security import SecurityHeaders
from checkout_app.server.serve import serve_built_pages


def transformers() -> list[Starlette | Callable[[ASGIApp], ASGIApp]]:
    """Return what Reflex puts around itself, the innermost first.

    In development Vite serves the pages and forwards the rest, so only the API is ours.
    """
    redact_secrets()
    if not is_prod_mode():
        return [build_api()]
    return [build_api(), serve_built_pages, introduce_products, guide_crawlers, SecurityHeaders]
