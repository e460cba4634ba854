"""By which methods the shop is asked: whatever can be got can be asked about with HEAD, and pages take nothing else."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.core.head import ONLY_HEAD
from checkout_app.server.one_origin import is_backend_path
from checkout_app.server.problems import problem

_READ: Final = ("GET", "HEAD")
_ALLOWED: Final = {b"GET": b"GET, HEAD"}
"""What an answer may say of a path that FastAPI knows by GET alone."""


def read_only(pages: ASGIApp) -> ASGIApp:
    """Refuse to do anything with a page, or a file, but to send it."""
    refused = problem(405, "method_not_allowed", "Method Not Allowed", headers={"Allow": ", ".join(_READ)})

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["method"] in _READ or is_backend_path(scope["path"])
        await (pages if is_read else refused)(scope, receive, send)

    return read


class AlsoHead:
    """Answers HEAD as GET without the body, which FastAPI by itself refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            asked = {**scope, "method": "GET", ONLY_HEAD: True}
            await self._app(asked, receive, _without_body(send))
            scope["path_params"] = asked.get("path_params", {})  # the log is told by these what was asked for
        else:
            await self._app(scope, receive, _naming_head(send))


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head


def _naming_head(send: Send) -> Send:
    async def send_all(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:  # noqa: PLR2004 - not allowed
            headers = message["headers"]
            message["headers"] = [(name, _ALLOWED.get(value, value)) for name, value in headers]
        await send(message)

    return send_all
