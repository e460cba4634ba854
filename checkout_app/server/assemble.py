"""The order in which a request passes through the shop's web parts."""

from collections.abc import Callable

from reflex.utils.exec import is_prod_mode
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.server.api import build_api
from checkout_app.server.crawlers import guide_crawlers
from checkout_app.server.heads import introduce_products
from checkout_app.server.request_log import RequestLog
from checkout_app.server.security import SecurityHeaders
from checkout_app.server.serve import serve_built_pages


def transformers() -> list[Starlette | Callable[[ASGIApp], ASGIApp]]:
    """Return what Reflex puts around itself, the innermost first.

    In development Vite serves the pages and forwards the rest, so only the API and its lines in the log are ours.
    """
    if not is_prod_mode():
        return [build_api(), RequestLog]
    sockets = _Sockets()
    return [
        sockets.end_here,
        build_api(),
        serve_built_pages,
        introduce_products,
        guide_crawlers,
        SecurityHeaders,
        RequestLog,
        sockets.pass_by,
    ]


class _Sockets:
    """The way of websockets, past everything that is about HTTP and would only hand them on."""

    def end_here(self, app: ASGIApp) -> ASGIApp:
        """Let websockets come to this app."""
        self._app = app
        return app

    def pass_by(self, app: ASGIApp) -> ASGIApp:
        """Let everything else go through this one."""

        async def divide(scope: Scope, receive: Receive, send: Send) -> None:
            await (self._app if scope["type"] == "websocket" else app)(scope, receive, send)

        return divide
