"""A browser's tab, as far as the server sees it: a websocket, and on it what Reflex's script sends to open a page."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from reflex_base.constants import CompileVars, Reflex
from reflex_base.constants.state import FIELD_MARKER

from benchmarks.buyers import Unexpected

_CONNECT, _SAID, _EVENT, _PING, _PONG = "40/_event,", "40/_event,{", '42/_event,["event",', "2", "3"
_HYDRATED = CompileVars.IS_HYDRATED + FIELD_MARKER
_ROOT = "reflex___state____state"
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Build:
    """What the script of a build knows of the states it was built with."""

    hashes: list[str]
    schema: str


@dataclass(frozen=True, slots=True)
class Received:
    """What came until the page was there: so many messages of so many bytes, and where the page sends its visitor."""

    messages: int
    size: int
    went_to: str


class Tab:
    """A tab that is open; `received` is what opening its page took."""

    def __init__(self, socket: ClientWebSocketResponse, received: Received) -> None:
        self._socket = socket
        self.received = received

    @classmethod
    async def open(cls, browser: ClientSession, url: str, page: str, build: Build, headers: Mapping[str, str]) -> Self:
        """Open a page in a new tab, and wait until its script would show what the server has loaded."""
        query = f"EIO=4&transport=websocket&token={secrets.token_hex(16)}"
        socket = await browser.ws_connect(
            f"{url}/_event/?{query}", headers=headers, protocols=[Reflex.VERSION], compress=15, max_msg_size=0
        )
        await socket.receive_str(timeout=_PATIENCE)
        hello = {"event": _boot(page, build.hashes), "state_schema": build.schema}
        await socket.send_str(_CONNECT + json.dumps(hello, separators=(",", ":")))
        return cls(socket, await _until_hydrated(socket))

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.close()


def _boot(page: str, hashes: list[str]) -> dict[str, Any]:
    """Return the event by which a page's script asks for its state, the first that it sends."""
    path, _, query = page.partition("?")
    router: dict[str, Any] = {"pathname": path, "asPath": page}
    if query:
        router["query"] = dict(part.split("=") for part in query.split("&"))
    return {
        "name": f"{_ROOT}.{CompileVars.HYDRATE_AND_LOAD}",
        "payload": {CompileVars.PAYLOAD_HASHES: hashes},
        "router_data": router,
    }


async def _until_hydrated(socket: ClientWebSocketResponse) -> Received:
    messages, size, went_to = 0, 0, ""
    while True:
        message = await socket.receive(timeout=_PATIENCE)
        if message.type is not WSMsgType.TEXT:
            raise Unexpected(f"the websocket ended: {message}")
        if message.data == _PING:
            await socket.send_str(_PONG)
        elif message.data.startswith(_EVENT):
            messages, size = messages + 1, size + len(message.data.encode())
            update = json.loads(message.data[len(_EVENT) : -1])
            for event in update.get("events") or []:
                went_to = event["payload"].get("path", went_to)
            if (update.get("delta") or {}).get(_ROOT, {}).get(_HYDRATED):
                return Received(messages, size, went_to)
        elif not message.data.startswith(_SAID):
            raise Unexpected(f"the server said {message.data[:300]}")


def browser() -> ClientSession:
    """Return what opens tabs, as many at once as anybody likes."""
    return ClientSession(connector=aiohttp.TCPConnector(limit=0))
