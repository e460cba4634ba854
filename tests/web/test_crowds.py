"""However many addresses want all that a server has, some of it stays free for the next one; who is refused waits."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.server.crowds import Crowds
from tests.support.inside import settings_for

PLACES = 64
AT_ONCE = 25
"""How many of an address are refused before one waits."""


class Server:
    """A server with few places, who keeps everybody that it lets in."""

    def __init__(self) -> None:
        self._app = Crowds(PLACES).around(_keep)
        self.coming: list[asyncio.Task[None]] = []

    async def let_in(self, address: str) -> int:
        """Let as many come from an address as there are places; returns how many are let in."""
        coming = await _begin(*(_ask(self._app, address) for _ in range(PLACES)))
        self.coming += coming
        return sum(not one.done() for one in coming)


async def _begin(*asking: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    """Let some ask; who does not have to wait has an answer by then."""
    tasks = [asyncio.create_task(each) for each in asking]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def _ask(app: ASGIApp, address: str) -> None:
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": (address, 1)}

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


@pytest.mark.parametrize("status", [401, 404, 429])
async def test_who_is_refused_again_and_again_waits_for_it_and_nobody_else_does(status: int) -> None:
    statuses = {"203.0.113.1": status, "203.0.113.2": status, "203.0.113.3": 200, "203.0.113.4": 500}

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": statuses[scope["client"][0]], "headers": []})

    crowds = Crowds(PLACES).around(answer)
    at_once = await _begin(*(_ask(crowds, "203.0.113.1") for _ in range(AT_ONCE)))
    [waiting] = await _begin(_ask(crowds, "203.0.113.1"))
    others = await _begin(*(_ask(crowds, address) for address in list(statuses)[1:]))
    assert ({task.done() for task in at_once + others}, waiting.done()) == ({True}, False)
    await waiting


async def test_who_is_not_counted_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})

    with settings_for(monkeypatch, RATE_LIMITS="requests=off"):
        crowds = Crowds(PLACES).around(refuse)
        assert all(task.done() for task in await _begin(*(_ask(crowds, "203.0.113.1") for _ in range(2 * AT_ONCE))))
