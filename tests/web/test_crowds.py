"""However many addresses want all that a server has, some of it stays free for the next one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from checkout_app.server.crowds import Crowds
from tests.support.inside import settings_for

PLACES = 64


class Server:
    """A server with few places, who keeps everybody that it lets in."""

    def __init__(self) -> None:
        self._app = Crowds(PLACES).around(_keep)
        self.coming: list[asyncio.Task[None]] = []

    async def let_in(self, address: str) -> int:
        """Let as many come from an address as there are places; returns how many are let in."""
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": (address, 1)}
        coming = [asyncio.create_task(_come(self._app, scope)) for _ in range(PLACES)]
        self.coming += coming
        for _ in range(3):
            await asyncio.sleep(0)  # who is refused is answered at once
        return sum(not one.done() for one in coming)


async def _come(app: Any, scope: Scope) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(_message: Message) -> None:
        """Whoever it is does not listen."""

    await app(scope, receive, send)


async def _keep(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that is empty."""
    running = Server()
    yield running
    for one in running.coming:
        one.cancel()
    await asyncio.wait(running.coming)


async def test_nobody_holds_more_than_is_left_free(server: Server) -> None:
    crowds = [await server.let_in(f"203.0.113.{number}") for number in range(1, 5)]
    assert crowds == [32, 16, 8, 4]
    assert await server.let_in("198.51.100.7") > 0


async def test_who_is_not_counted_may_hold_everything(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with settings_for(monkeypatch, RATE_LIMITS="requests=off"):
        assert await server.let_in("203.0.113.1") == PLACES
