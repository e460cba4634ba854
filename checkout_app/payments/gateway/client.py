"""The official Razorpay SDK, made asynchronous.

The SDK's resources only build a path and call `client.request(…)`. This client answers that call with a coroutine over
pooled HTTP, so `await client.order.create({…})` keeps the official surface, and gains real time-outs, typed errors and
retries that can't repeat an effect.
"""

import asyncio
import json
import secrets
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, ClassVar
from urllib.parse import urlencode

import razorpay
from prometheus_client import Histogram

from checkout_app.core import clock
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.settings import settings
from checkout_app.payments.gateway.errors import (
    Conflict,
    Garbled,
    Misconfigured,
    NotFound,
    RazorpayError,
    Refused,
    Throttled,
    Unavailable,
)
from checkout_app.payments.gateway.line import Answer, Line, Request, Tcp

LONGEST_SECONDS = 8.0
"""How long one request may take from end to end, however slowly its answer drips in."""
READ_TRIES = 3
"""How often a GET is asked in all; anything else is sent once, because only reading is free of effects."""
_PAUSE_SECONDS = 0.15
_LONGEST_WAIT = 2.0
_PAGE = 100
_FINEST = timedelta(seconds=1)
"""A `Date` tells whole seconds."""
_CALLS = Histogram(
    "shop_gateway_seconds",
    "Requests to the gateway, by the resource and how they ended",
    ["method", "resource", "outcome"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)


class Razorpay(razorpay.Client):  # type: ignore[misc]  # the SDK ships no types
    """The SDK's client over asynchronous HTTP: every resource method returns an awaitable."""

    user_agent: ClassVar[str] = f"Razorpay-Python/{version('razorpay')} checkout"

    def __init__(self, key_id: str, key_secret: str, base_url: str, *, line: Line | None = None) -> None:
        """`base_url` is the gateway's root without a trailing slash; `line` carries requests instead of TCP."""
        super().__init__(auth=(key_id, key_secret), base_url=base_url)
        self.key_id = key_id
        self._line = line or Tcp(base_url)
        keys = b64encode(f"{key_id}:{key_secret}".encode()).decode()
        self._heard = ("", clock.now())
        self._headers = {"Authorization": f"Basic {keys}", "User-Agent": self.user_agent}

    def request(self, method: str, path: str, **options: Any) -> Awaitable[Any]:
        """Send one request of the SDK; the coroutine answers the JSON body, or raises a RazorpayError."""
        query = urlencode(options.get("params") or {}, doseq=True)
        headers = self._headers | (options.get("headers") or {})
        data = options.get("data")
        body = None if data is None else data.encode()
        request = Request(method.upper(), path, query, headers, body)
        return self._send_again(request) if method == "get" else self._send(request)

    async def _send_again(self, request: Request) -> Any:
        """Send a request without effects, a few times when the answer can't be trusted."""
        for attempt in range(1, READ_TRIES + 1):
            try:
                return await self._send(request)
            except Misconfigured:
                raise
            except Unavailable as error:
                wait = error.retry_after if isinstance(error, Throttled) else _PAUSE_SECONDS * 2**attempt
                if attempt == READ_TRIES or wait > _LONGEST_WAIT:
                    raise
            await asyncio.sleep(wait * (0.75 + secrets.randbelow(500) / 1000))
        raise AssertionError("the loop returns or raises")

    async def _send(self, request: Request) -> Any:
        began, outcome = time.perf_counter(), "given_up"
        try:
            answer = await self._ask(request)
            outcome = "ok"
        except RazorpayError as failure:
            outcome = type(failure).__name__.lower()
            raise
        finally:
            resource = (*request.path.split("/"), "", "")[2]  # /v1/orders/…
            _counter(request.method, resource, outcome).observe(time.perf_counter() - began)
        return answer

    async def _ask(self, request: Request) -> Any:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                answer = await self._line.carry(request)
        except OSError as error:
            raise Unavailable(f"{str(error) or type(error).__name__} from {request.path}") from error
        self._heard = (answer.headers.get("Date", ""), clock.now())
        return _understood(answer)

    @property
    def has_told_time(self) -> bool:
        """Whether its last answer said what time it is there."""
        return bool(self._heard[0])

    @property
    def ahead(self) -> timedelta:
        """How far our clock is ahead of the gateway's, as its last answer tells; none when that did not tell."""
        told, heard_at = self._heard
        try:
            difference = heard_at - parsedate_to_datetime(told)
        except (ValueError, TypeError):  # TypeError: a date without its zone
            return timedelta()
        return timedelta() if timedelta() <= difference < _FINEST else difference

    async def pages(
        self, listing: Callable[[dict[str, Any]], Awaitable[Any]], query: Mapping[str, Any]
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield what one of the gateway's lists holds, newest first, a page of items at a time; raises RazorpayError.

        `listing` is a resource's method that lists, such as `client.payment.all`.
        """
        skip = 0
        while True:
            page = items(await listing({**query, "count": _PAGE, "skip": skip}))
            yield page
            if len(page) < _PAGE:
                return
            skip += len(page)

    async def aclose(self) -> None:
        """Close the connections to the gateway."""
        await self._line.aclose()


@cache
def _counter(method: str, resource: str, outcome: str) -> Histogram:
    """Find what counts one kind of call; the histogram looks for it anew each time, under a lock."""
    return _CALLS.labels(method, resource, outcome)


def items(answer: Any) -> list[dict[str, Any]]:
    """Return the items of a list the gateway answered; raises Garbled."""
    found = answer.get("items")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Garbled("a list of entities was expected")
    return found


def _understood(answer: Answer) -> dict[str, Any]:
    """Return the body of a success; turn everything else into the error that says what is known."""
    status = answer.status
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError) as no_json:
        raise Unavailable(f"HTTP {status} without JSON", status=status) from no_json
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and isinstance(body, dict):
        return body
    said = body.get("error") if isinstance(body, dict) else None
    error: dict[str, Any] = said if isinstance(said, dict) else {}
    description = str(error.get("description") or f"HTTP {status}")
    kind: type[RazorpayError] = Unavailable
    if status == HTTPStatus.UNAUTHORIZED:
        kind = Misconfigured
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = Throttled
    elif status == HTTPStatus.CONFLICT:
        kind = Conflict
    elif HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and error:
        kind = NotFound if "does not exist" in description else Refused
    failure = kind(description, status=status, error=error)
    if isinstance(failure, Throttled):
        seconds = answer.headers.get("Retry-After", "")
        failure.retry_after = int(seconds) if seconds.isascii() and seconds.isdigit() else 1
    raise failure


@lru_cache
def gateway() -> Razorpay:
    """Return the shop's client, made once from the settings."""
    now = settings()
    return Razorpay(now.razorpay_key_id, now.razorpay_key_secret, now.razorpay_api_url)
