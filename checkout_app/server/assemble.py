"""The order in which a request passes through the shop's web parts."""

from reflex import App
from reflex.utils.exec import is_prod_mode
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from checkout_app.server.api import API_PATH, build_api
from checkout_app.server.crawlers import guide_crawlers
from checkout_app.server.crowds import Crowds
from checkout_app.server.dev_mail import show_mails
from checkout_app.server.first_byte import FirstByte
from checkout_app.server.leaving import say_when_leaving
from checkout_app.server.methods import read_only
from checkout_app.server.metrics import tell_metrics
from checkout_app.server.pictures import show_pictures
from checkout_app.server.proxies import behind_proxies
from checkout_app.server.request_log import RequestLog
from checkout_app.server.security import SecurityHeaders
from checkout_app.server.serve import serve_built_pages
from checkout_app.ui.page import form_takers


class Shop(App):
    """Reflex's app, with the shop's web parts in front of it."""

    @override
    def __call__(self) -> ASGIApp:
        """Return what the server serves."""
        api = build_api()
        api.state.shop = self
        return in_front_of(super().__call__(), api)


def in_front_of(reflex: ASGIApp, api: ASGIApp) -> ASGIApp:
    """Put the shop's web parts in front of Reflex, which is left what is not about HTTP: websockets, and the start.

    In development Vite serves the pages and forwards the rest, so only the API and its lines in the log are ours.
    """
    crowds = Crowds()
    if is_prod_mode():
        pages = say_when_leaving(read_only(guide_crawlers(FirstByte(serve_built_pages(reflex)))))
        ours: ASGIApp = SecurityHeaders(
            RequestLog(tell_metrics(crowds.around(show_mails(show_pictures(_divided(api, pages))))))
        )
    else:
        ours = RequestLog(tell_metrics(crowds.around(show_mails(show_pictures(_divided(api, reflex))))))

    live = crowds.around(reflex)

    async def divide(scope: Scope, receive: Receive, send: Send) -> None:
        await (ours if scope["type"] == "http" else live)(scope, receive, send)

    return behind_proxies(divide)


def _divided(api: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Let the API answer below its path, and the pages everywhere else: neither is a way through the other.

    What is posted to a page goes to who takes its forms in the API.
    """
    takers = {route: {"path": path, "raw_path": path.encode()} for route, path in form_takers().items()}

    async def divide(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST" and (taker := takers.get(scope["path"].rstrip("/"))):
            scope = {**scope, **taker}
        await (api if scope["path"].startswith(API_PATH) else pages)(scope, receive, send)

    return divide
