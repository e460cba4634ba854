"""One line for each call: what was asked, what was answered, and which order it was about."""

import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from razorpay_sandbox.core.naming import order_named_in

_log = structlog.stdlib.get_logger(__name__)

_MOST_READ: Final = 10_000
"""Bytes of an answer in which an order is looked for."""
_READING: Final = ("GET", "HEAD", "OPTIONS")


async def tell(path: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a call and tell of it, unless it asks for a file or only looks at the sandbox's own pages."""
    own = path == "/" or path.startswith(("/_test/", "/console/"))
    if "." in path.rpartition("/")[2] or (own and scope["method"] in _READING):
        await app(scope, receive, send)
        return
    began = time.monotonic()
    status: int | None = None
    answered = b""

    async def overheard(message: Message) -> None:
        nonlocal status, answered
        status = message.get("status", status)
        answered = (answered + message.get("body", b""))[:_MOST_READ]
        await send(message)

    try:
        await app(scope, receive, overheard)
    finally:
        ms = round((time.monotonic() - began) * 1000)
        order = order_named_in(path) or order_named_in(answered.decode(errors="replace"))
        _log.info("call", method=scope["method"], path=path, status=status, ms=ms, **order)
