"""Each HTTP request has an id: in every line about it, in its answer, and in what a person is told when it failed."""

import re
import secrets
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from checkout_app.core.errors import OUTAGES, refusal
from checkout_app.server.log_bounds import BOUNDS, FLOODS, REFUSALS
from checkout_app.server.one_origin import is_backend_path
from checkout_app.server.problems import answer
from checkout_app.server.request_metrics import count

log = structlog.stdlib.get_logger(__name__)
_APART: Final[Mapping[int | None, str]] = {
    **dict.fromkeys(range(400, 500), REFUSALS),
    HTTPStatus.SERVICE_UNAVAILABLE: OUTAGES,
    **dict.fromkeys(
        (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS), FLOODS
    ),
}
"""Where requests are told of that anybody can send by the thousand, by their status: few of them are written."""
_few: Final = {name: structlog.stdlib.get_logger(name) for name in {*_APART.values()}}

HEADER: Final = "X-Request-Id"
_RAW: Final = HEADER.lower().encode()
_SAFE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET: Final = (
    "/_event",
    "/_health",
    "/ping",
    "/metrics",
    "/api/health",
    "/api/docs-static/",
    "/api/events",
    "/sandbox/",
)
"""Asked for all the time and by programs; the sandbox tells of its calls itself, and an event of what it does."""


class RequestLog:
    """Gives a request its id, tells of it when it is done, and answers for whoever broke on it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _RAW), b"").decode("latin-1")
        request_id = given if _SAFE.fullmatch(given) else secrets.token_hex(6)
        began = time.monotonic()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                others = (header for header in message["headers"] if header[0] != _RAW)
                message["headers"] = [*others, (_RAW, request_id.encode())]
            await send(message)

        clear_contextvars()
        bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # the outermost boundary: whatever it is, the visitor gets an answer
            if status is None:
                refused = answer(refusal(error, f"{scope['method']} {scope['path']}"))
                await refused(scope, receive, send_with_id)
            elif status != HTTPStatus.INTERNAL_SERVER_ERROR:  # that one was told of where it was answered
                log.exception("answer broke off", status=status)
        finally:
            seconds = time.monotonic() - began
            count(scope, status, seconds)
            _tell(scope, status, seconds)


def _tell(scope: Scope, status: int | None, seconds: float) -> None:
    """Tell of a request by its path alone, with names for what stands in it: a query has keys in it."""
    path: str = scope["path"]
    is_file = not is_backend_path(path) and "." in path.rpartition("/")[2]
    if is_file or path.startswith(_QUIET):
        return
    apart = _APART.get(status)
    if apart and BOUNDS.leaves_out(apart):
        return
    given: dict[str, str] = scope.get("path_params", {}) if path.startswith("/api/") else {}
    for name, value in given.items():
        path = path.replace(f"/{value}", f"/{{{name}}}")
    ids = {name: value for name, value in given.items() if name.endswith("_id")}
    told = _few[apart] if apart else log
    told.info("request", method=scope["method"], path=path, status=status, ms=round(seconds * 1000), **ids)
