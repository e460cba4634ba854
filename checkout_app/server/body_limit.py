"""No request body is larger than what it is for."""

from starlette.exceptions import HTTPException
from starlette.status import HTTP_413_CONTENT_TOO_LARGE
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.server.problems import problem

LARGEST_BODY = 256 * 1024
"""Bytes. The largest thing we are sent is a webhook, a few kilobytes."""


class BodyLimit:
    """Refuse large bodies: by their announced length at once, otherwise as soon as too much has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a receive that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > LARGEST_BODY:
            response = problem(HTTP_413_CONTENT_TOO_LARGE, "content_too_large", f"At most {LARGEST_BODY} bytes.")
            await response(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                raise HTTPException(HTTP_413_CONTENT_TOO_LARGE)
            return message

        await self._app(scope, counted, send)
