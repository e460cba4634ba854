"""Calls that Razorpay does not have: a buyer without a browser, and a clean slate. For tests and the console."""

from collections.abc import Callable
from typing import Any, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from checkout_app.sandbox import attempts, forms
from checkout_app.sandbox.api import json_answer, read_body
from checkout_app.sandbox.errors import invalid, required, unknown_id
from checkout_app.sandbox.gateway import Gateway
from checkout_app.sandbox.store import Entity

_FROM_BODY: Final = ("amount", "method", "vpa", "bank", "wallet", "email", "contact", "notes", "description")


def pay(gateway: Gateway, body: dict[str, Any]) -> Entity:
    """Do what a buyer does in the modal, from choosing a method to the bank's answer."""
    order_id = body.get("order_id")
    if not isinstance(order_id, str):
        raise required("order_id")
    outcome = body.get("outcome", "success")
    if outcome not in attempts.OUTCOMES:
        raise invalid(f"The outcome is one of {', '.join(attempts.OUTCOMES)}.", "outcome")
    order = gateway.store.get("order", order_id)
    if order is None:
        raise unknown_id()
    given = {name: body[name] for name in _FROM_BODY if body.get(name) is not None}
    request = attempts.AttemptRequest(order_id=order_id, currency=order.entity["currency"], **given)
    payment = attempts.begin(gateway, order.account, request)
    return attempts.conclude(gateway, payment["id"], cast("attempts.Outcome", outcome), body.get("reason"))


def forget(gateway: Gateway, _body: dict[str, Any]) -> Entity:
    """Forget everything."""
    gateway.store.forget()
    gateway.clock.move(0)
    gateway.switches.reset(gateway.store)
    gateway.wake()
    return {"forgotten": True}


def routes(gateway: Gateway) -> list[Route]:
    """The calls under ``/_test``."""

    def route(path: str, method: str, act: Callable[[Gateway, dict[str, Any]], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            body = _body(await read_body(request), request)
            return json_answer(await run_in_threadpool(act, gateway, body))

        return Route(f"/_test/{path}", endpoint, methods=[method])

    return [
        route("pay", "POST", pay),
        route("data", "DELETE", forget),
    ]


def _body(raw: bytes, request: Request) -> dict[str, Any]:
    return forms.read(request.headers.get("content-type", ""), raw)
