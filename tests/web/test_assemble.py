"""Websockets go past what is about HTTP, and everything else through it."""

from typing import Any

from starlette.types import ASGIApp

from checkout_app.server.assemble import _Sockets


def _app(name: str, seen: list[str]) -> ASGIApp:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(name)

    return app


async def test_a_websocket_goes_straight_to_where_it_ends_and_a_request_does_not() -> None:
    seen: list[str] = []
    sockets = _Sockets()
    sockets.end_here(_app("the end", seen))
    way: Any = sockets.pass_by(_app("about HTTP", seen))
    for kind in ("websocket", "http"):
        await way({"type": kind}, None, None)
    assert seen == ["the end", "about HTTP"]
