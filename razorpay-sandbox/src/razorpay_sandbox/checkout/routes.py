"""Addresses of checkout. The frame is public: it knows a key id and speaks for the buyer, never for the merchant."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from razorpay_sandbox.checkout import assets, requests, upi_code
from razorpay_sandbox.core.errors import GatewayError, unknown_id, unknown_url
from razorpay_sandbox.payments import attempts
from razorpay_sandbox.state.gateway import Gateway

_NO_STORE: Final = {"Cache-Control": "no-store"}
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_SCRIPT_HEADERS: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors "
)
_FRAME_HEADERS: Final = {"Content-Security-Policy": _PAGE_POLICY + "http: https:", "Referrer-Policy": "no-referrer"}
_BANK_HEADERS: Final = {"Content-Security-Policy": _PAGE_POLICY + "'none'", "Referrer-Policy": "no-referrer"}
_ORDER_FIELDS: Final = ("id", "amount", "amount_due", "amount_paid", "currency", "status")
_PAYMENT_FIELDS: Final = ("id", "status", "amount", "currency", "method", "bank", "wallet")
_ERROR_FIELDS: Final = ("code", "description", "source", "step", "reason")

Answer = Callable[[Request], Awaitable[dict[str, Any]]]
Endpoint = Callable[[Request], Awaitable[Response]]


def _refused(refusal: GatewayError) -> Response:
    return JSONResponse(refusal.envelope, refusal.status, headers={**_NO_STORE, **refusal.headers})


def _answers_json(answer: Answer) -> Endpoint:
    """Send what a call answers, or the envelope of its refusal."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await answer(request), headers=_NO_STORE)
        except GatewayError as refusal:
            return _refused(refusal)

    return endpoint


def _preferences(gateway: Gateway) -> Answer:
    async def answer(request: Request) -> dict[str, Any]:
        query = request.query_params
        requests.check_amount(query)
        found = await run_in_threadpool(
            attempts.preferences, gateway, query.get("key_id", ""), query.get("order_id") or None
        )
        order = found["order"]
        return {**found, "order": order and {name: order[name] for name in _ORDER_FIELDS}}

    return answer


def _begin(gateway: Gateway) -> Answer:
    async def answer(request: Request) -> dict[str, Any]:
        body = await requests.json_object(request)
        key_id = requests.text(body, "key_id") or ""
        return await run_in_threadpool(attempts.begin, gateway, key_id, requests.attempt(body))

    return answer


def _conclude(gateway: Gateway) -> Answer:
    async def answer(request: Request) -> dict[str, Any]:
        body = await requests.json_object(request)
        return await run_in_threadpool(
            attempts.conclude,
            gateway,
            request.path_params["payment_id"],
            requests.outcome(body),
            requests.text(body, "reason"),
        )

    return answer


def _status(gateway: Gateway) -> Answer:
    async def answer(request: Request) -> dict[str, Any]:
        record = await run_in_threadpool(gateway.store.get, "payment", request.path_params["payment_id"])
        if record is None:
            raise unknown_id()
        payment = record.entity
        found = {name: payment[name] for name in _PAYMENT_FIELDS}
        if payment["status"] == "failed":
            metadata = {"payment_id": record.id} | ({"order_id": record.parent} if record.parent else {})
            failure = {name: payment[f"error_{name}"] for name in _ERROR_FIELDS}
            found["failure"] = {**failure, "metadata": metadata}
        return found

    return answer


async def _code_to_scan(request: Request) -> Response:
    try:
        code = await run_in_threadpool(upi_code.draw, request.query_params.get("link", ""))
    except GatewayError as refusal:
        return _refused(refusal)
    return code.answer(request, _KEPT)


def _page(asset: assets.Asset, headers: dict[str, str]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return asset.answer(request, headers)

    return endpoint


def _static(files: dict[str, assets.Asset]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        asset = files.get(request.path_params["path"])
        if asset is None:
            return JSONResponse(unknown_url().envelope, 404)
        return asset.answer(request, _KEPT)

    return endpoint


def routes(gateway: Gateway) -> list[Route]:
    """List checkout's addresses, relative to the sandbox's root."""
    files = assets.files()
    script = _page(assets.script(), _SCRIPT_HEADERS)
    return [
        Route("/checkout.js", script),
        Route("/v1/checkout.js", script),
        Route("/v1/checkout/public", _page(files["frame.html"], _FRAME_HEADERS)),
        Route("/v1/checkout/static/{version}/{path:path}", _static(files)),
        Route("/v1/checkout/preferences", _answers_json(_preferences(gateway))),
        Route("/v1/checkout/qr", _code_to_scan),
        Route("/v1/checkout/payments", _answers_json(_begin(gateway)), methods=["POST"]),
        Route("/v1/checkout/payments/{payment_id}", _answers_json(_status(gateway))),
        Route("/v1/checkout/payments/{payment_id}/conclude", _answers_json(_conclude(gateway)), methods=["POST"]),
        Route("/v1/gateway/mocksharp/payment", _page(files["bank.html"], _BANK_HEADERS)),
    ]
