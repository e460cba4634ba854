"""The front of the API: reads a request, finds who asks and what for, and always answers JSON."""

from urllib.parse import parse_qs

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from razorpay_sandbox.api import absent, auth, forms, routing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core.errors import GatewayError, NotPartOfTheSandbox, invalid, unknown_url
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import compact

_log = structlog.stdlib.get_logger(__name__)

_LARGEST_BODY = 1_000_000


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer JSON."""
    return Response(compact(value), status, headers, media_type="application/json")


def refusal(error: GatewayError) -> Response:
    """Answer an error envelope."""
    return json_answer(error.envelope, error.status, error.headers)


async def read_body(request: Request) -> bytes:
    """Read a body of reasonable size."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _LARGEST_BODY:
            raise invalid("The request body is too large.")
    return bytes(raw)


async def answer(gateway: Gateway, request: Request, path: str) -> Response:
    """Serve one API call; raises the refusal, and logs what Razorpay might have done."""
    try:
        return await _answer(gateway, request, path)
    except NotPartOfTheSandbox as refusal:
        _log.warning("not part of the sandbox", method=request.method, path=path, area=refusal.area)
        raise


async def _answer(gateway: Gateway, request: Request, path: str) -> Response:
    """Find who asks and what for, and let the handler answer.

    State is touched in a worker thread: a flush to disk must not stop the event loop.
    """
    area = absent.area(path)
    found = None if area else routing.resolve(request.method, path)
    public = found is not None and found[0] in routing.PUBLIC
    if found is None and (absent.is_public(path) or not path.startswith("/v1/")):
        raise unknown_url(area)
    account = auth.account(gateway, _credentials(request, public=public), public=public)
    if found is None:
        raise unknown_url(area)
    handler, ids = found
    raw = await read_body(request)
    body = forms.read(request.headers.get("content-type", ""), raw)
    query = parse_qs(request.url.query, keep_blank_values=True)
    asked = ApiRequest(gateway, account, ids, body, query, request.headers)
    return json_answer(await run_in_threadpool(handler, asked))


def _credentials(request: Request, *, public: bool) -> str | None:
    """Find the credentials; public calls may carry the key id in the query."""
    key_id = request.query_params.get("key_id")
    if public and key_id and "authorization" not in request.headers:
        return auth.public_header(key_id)
    return request.headers.get("authorization")
