"""Addresses of the console: its pages, its files, its version, and the few calls that only it makes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import htpy as h
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from razorpay_sandbox.api import forms
from razorpay_sandbox.api.front import json_answer, read_body
from razorpay_sandbox.console import actions, layout
from razorpay_sandbox.console.pages import (
    clock,
    disputes,
    faults,
    order,
    orders,
    payment,
    payments,
    refunds,
    settlements,
    webhooks,
)
from razorpay_sandbox.console.text import amount
from razorpay_sandbox.console.version import Version
from razorpay_sandbox.core.errors import unknown_id, unknown_url
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Page = Callable[[Gateway], h.Node]
Act = Callable[[Gateway, dict[str, Any]], Entity]

_PAGES: Final[tuple[tuple[str, str, Page], ...]] = (
    ("/", "Orders", orders.content),
    ("/console/payments", "Payments", payments.content),
    ("/console/refunds", "Refunds", refunds.content),
    ("/console/disputes", "Disputes", disputes.content),
    ("/console/settlements", "Settlements", settlements.content),
    ("/console/webhooks", "Webhooks", webhooks.content),
    ("/console/faults", "Faults", faults.content),
    ("/console/clock", "Clock and account", clock.content),
)
_DETAILS: Final[tuple[tuple[str, str, Callable[[Gateway, Record], h.Node]], ...]] = (
    ("order", "/console/orders", order.content),
    ("payment", "/console/payments", payment.content),
)
_CALLS: Final[tuple[tuple[str, Act], ...]] = (
    ("/console/capture", actions.capture),
    ("/console/refund", actions.refund),
    ("/console/fault", actions.add_fault),
)
_MENU: Final = {path: name for path, name, _ in _PAGES}


class _Console:
    """The console of one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._version = Version(gateway)
        self._files = {each.name: each for each in _STATIC.iterdir() if each.suffix in _TYPES}

    async def _answer(self, here: str, title: str, write: Callable[[], h.Node]) -> Response:
        def written() -> str:
            version = self._version.now()
            return layout.document(self._gateway, _MENU, here, title, version, write())

        return HTMLResponse(await run_in_threadpool(written), headers=_HEADERS)

    def page(self, path: str, title: str, write: Page) -> Route:
        """Serve one page."""

        async def endpoint(_request: Request) -> Response:
            return await self._answer(path, title, lambda: write(self._gateway))

        return Route(path, endpoint)

    def details(self, kind: str, path: str, write: Callable[[Gateway, Record], h.Node]) -> Route:
        """Serve the pages of single entities of a kind, found in the menu below ``path``."""

        async def endpoint(request: Request) -> Response:
            record = await run_in_threadpool(self._gateway.store.get, kind, request.path_params["id"])
            if record is None:
                raise unknown_id()
            entity = record.entity
            title = f"{kind.capitalize()} of {amount(entity['amount'], entity['currency'])}"
            return await self._answer(path, title, lambda: write(self._gateway, record))

        return Route(f"{path}/{{id}}", endpoint)

    def call(self, path: str, act: Act) -> Route:
        """Serve one call."""

        async def endpoint(request: Request) -> Response:
            body = forms.read("application/json", await read_body(request))
            return json_answer(await run_in_threadpool(act, self._gateway, body))

        return Route(path, endpoint, methods=["POST"])

    async def version(self, _request: Request) -> Response:
        """Answer the version of what the pages show."""
        return PlainTextResponse(await run_in_threadpool(self._version.now), headers=_HEADERS)

    async def file(self, request: Request) -> Response:
        """Answer a style sheet or a script."""
        path = self._files.get(request.path_params["name"])
        if path is None:
            raise unknown_url()
        return Response(path.read_bytes(), media_type=_TYPES[path.suffix], headers=_HEADERS)


def routes(gateway: Gateway) -> list[Route]:
    """List the console's addresses."""
    console = _Console(gateway)
    return [
        *(console.page(*each) for each in _PAGES),
        *(console.details(*each) for each in _DETAILS),
        *(console.call(*each) for each in _CALLS),
        Route("/console/version", console.version),
        Route("/console/{name}", console.file),
    ]
