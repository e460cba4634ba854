"""Carries faults out on a connection: waits, wrong answers, and lines that go dead."""

import asyncio
import os
import socket
import stat
import struct
from contextlib import suppress
from typing import Final

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from razorpay_sandbox.api import front
from razorpay_sandbox.core.errors import not_found, server_trouble, too_many_requests, unauthorised, unknown_id
from razorpay_sandbox.state.fault_rules import Rule

_HIGHEST_DESCRIPTOR: Final = 4096
_LONGEST_HANG: Final = 600.0
_PROXY_PAGE: Final = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
"""


async def apply(rules: list[Rule], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a call the way these rules break it."""
    for rule in rules:
        if rule.kind == "latency":
            await asyncio.sleep(rule.seconds)
            continue
        if rule.kind == "hang":
            await _until_gone(receive)
        elif rule.kind == "reset":
            await _cut(scope, receive)
        elif rule.kind == "reply_lost":
            await app(scope, receive, _into_the_void)
            await _cut(scope, receive)
        else:
            await _wrong_answer(rule)(scope, receive, send)
        return
    await app(scope, receive, send)


def _wrong_answer(rule: Rule) -> Response:
    if rule.kind == "502":
        return HTMLResponse(_PROXY_PAGE, 502)
    if rule.kind == "empty":
        return Response(status_code=200)
    if rule.kind == "429":
        return front.refusal(too_many_requests(rule.retry_after))
    refusals = {"400": unknown_id, "401": unauthorised, "404": not_found, "500": server_trouble}
    return front.refusal(refusals[rule.kind]())


async def _into_the_void(_message: Message) -> None:
    """Lose a part of an answer."""


async def _until_gone(receive: Receive) -> None:
    """Say nothing until the client gives up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_HANG):
            while (await receive())["type"] != "http.disconnect":
                continue


async def _cut(scope: Scope, receive: Receive) -> None:
    """Drop the connection without a word.

    ASGI has no message for this, so the socket is looked up among the process's own by its two ends.
    """
    client, server = scope.get("client"), scope.get("server")
    if client and server:
        for descriptor in range(_HIGHEST_DESCRIPTOR):
            with suppress(OSError):
                if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                    _drop(os.dup(descriptor), tuple(client)[:2], server[1])
    await _until_gone(receive)


def _drop(descriptor: int, client: tuple[str, int], server_port: int) -> None:
    with socket.socket(fileno=descriptor) as line:
        if line.getpeername()[:2] == client and line.getsockname()[1] == server_port:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RDWR)
