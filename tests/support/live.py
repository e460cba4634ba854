"""The connection of a page to its server, spoken by hand: what a browser tab sends and hears."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

_PATIENCE: Final = 40.0
_PLACE: Final = {"pathname": "/", "asPath": "/", "path": "/"}
_PING, _PONG = "2", "3"
OPEN: Final = "reflex___state____state.hydrate_and_load"
"""The event that opens a page."""


@dataclass
class Live:
    """A tab's open connection."""

    socket: ClientWebSocketResponse

    async def send(self, handler: str, **payload: Any) -> None:
        """Set off an event of a page's state, by its whole name."""
        await self._say("42", ["event", {"name": handler, "payload": payload, "router_data": _PLACE}])

    async def hears(self, *words: str) -> str:
        """Wait for a message with any of some words in it, and return that message."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await self.socket.receive_str()
                if message == _PING:
                    await self.socket.send_str(_PONG)
                if any(word in message for word in words):
                    return message

    async def greet(self) -> str:
        """Open the page, and return the state that it is given."""
        await self._say("40", {"event": {"name": OPEN, "payload": {}, "router_data": _PLACE}})
        return await self.hears('"delta"')

    async def is_left(self) -> None:
        """Wait until the server hangs up."""
        async with asyncio.timeout(_PATIENCE):
            while (await self.socket.receive()).type is WSMsgType.TEXT:
                pass

    async def _say(self, kind: str, said: Any) -> None:
        await self.socket.send_str(f"{kind}/_event,{json.dumps(said)}")


@asynccontextmanager
async def connected(port: int, tab: str, origin: str, **headers: str) -> AsyncIterator[Live]:
    """Connect a tab to the server on a port for the length of a block."""
    url = f"http://127.0.0.1:{port}/_event/?token={tab}&EIO=4&transport=websocket"
    async with ClientSession() as session, session.ws_connect(url, headers={"Origin": origin, **headers}) as socket:
        yield Live(socket)


async def posted(port: int, tab: str, origin: str, handler: str, *, schema: str | None = None, **payload: Any) -> str:
    """Set off an event over plain HTTP, and return all that comes of it."""
    event = {"name": handler, "payload": payload, "router_data": _PLACE}
    body = {"token": tab, "event": event, "state_schema": schema}
    url = f"http://127.0.0.1:{port}/api/events"
    async with ClientSession() as session, session.post(url, json=body, headers={"Origin": origin}) as answer:
        answer.raise_for_status()
        return await answer.text()
