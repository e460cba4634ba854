"""The sandbox's console: what happened and what a test may do, for a person at this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from razorpay_sandbox.console import pages
from razorpay_sandbox.console.markup import Html, amount, code, el, inside, moment
from razorpay_sandbox.core.errors import unknown_id, unknown_url
from razorpay_sandbox.state.gateway import Gateway

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {"console.css": "text/css", "console.js": "text/javascript"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGES: Final[tuple[tuple[str, str, Callable[[Gateway], Html]], ...]] = (
    ("/", "Orders", pages.orders),
    ("/console/payments", "Payments", pages.payments),
    ("/console/refunds", "Refunds", pages.refunds),
    ("/console/webhooks", "Webhooks", pages.webhooks),
    ("/console/faults", "Faults", pages.faults_page),
    ("/console/clock", "Clock and account", pages.clock),
)


def _layout(gateway: Gateway, here: str, title: str, main: Html) -> str:
    base = gateway.config.base_path
    links = [
        el("a", name, href=f"{base}{path}", aria_current="page" if path == here else None) for path, name, _ in _PAGES
    ]
    head = inside(
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} · Sandbox"),
        el("link", rel="icon", href="data:,"),
        el("link", rel="stylesheet", href=f"{base}/console/console.css"),
        el("script", src=f"{base}/console/console.js", defer=True),
    )
    top = el(
        "header",
        el("a", el("strong", "Sandbox"), el("span", "Test Mode", class_="mode"), href=f"{base}/", class_="name"),
        el("p", moment(gateway.clock.now()), class_="clock"),
        el("nav", *links, aria_label="Console"),
    )
    live = el("p", id="said", role="status")
    body = el("body", top, el("main", el("h1", title), live, el("div", main, id="content")), data_base=base)
    return f"<!doctype html>{el('html', el('head', head), body, lang='en-IN')}"


def _page(gateway: Gateway, path: str, title: str, write: Callable[[Gateway], Html]) -> Route:
    async def endpoint(_request: Request) -> Response:
        main = await run_in_threadpool(write, gateway)
        return HTMLResponse(_layout(gateway, path, title, main), headers=_HEADERS)

    return Route(path, endpoint)


def routes(gateway: Gateway) -> list[Route]:
    """List the console's pages and files."""

    async def order(request: Request) -> Response:
        record = gateway.store.get("order", request.path_params["order_id"])
        if record is None:
            raise unknown_id()
        main = await run_in_threadpool(pages.order, gateway, record)
        title = f"Order of {amount(record.entity['amount'], record.entity['currency'])}"
        return HTMLResponse(_layout(gateway, "", title, inside(el("p", code(record.id)), main)), headers=_HEADERS)

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _TYPES:
            raise unknown_url()
        return Response((_STATIC / name).read_bytes(), media_type=_TYPES[name], headers=_HEADERS)

    shown = [_page(gateway, *each) for each in _PAGES]
    return [*shown, Route("/console/orders/{order_id}", order), Route("/console/{name}", file)]
