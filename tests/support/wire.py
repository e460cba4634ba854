"""A gateway down to its bytes: it hears whole requests over TCP and answers what a test wants it to, or hangs up."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A certificate for `localhost` and its key; no authority has signed it, and it holds for a hundred years."""

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Write an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


def saying(answer: bytes) -> Say:
    """Return what says these bytes whenever it is asked."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return say


def in_turn(*says: Say) -> Say:
    """Return what says one thing after the other, and the last of them from then on."""
    left = list(says)

    async def say(writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if left[1:] else left[0])(writer)

    return say


async def hang_up(_writer: asyncio.StreamWriter) -> None:
    """Close the connection instead of answering."""
    raise ConnectionAbortedError


WELL = saying(http(b'{"entity": "order"}'))


@dataclass
class Heard:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: Any


@dataclass
class Wire:
    """The gateway's end."""

    port: int = 0
    connections: int = 0
    open: int = 0
    most_open: int = 0
    heard: list[Heard] = field(default_factory=list)
    says: Say = WELL

    @property
    def url(self) -> str:
        """Its root, by a name: cookies are kept for names only."""
        return f"http://localhost:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                self.heard.append(await _hear(reader))
                await self.says(writer)
                await writer.drain()
        self.open -= 1
        writer.close()


async def _hear(reader: asyncio.StreamReader) -> Heard:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
    headers = {name.lower(): value for name, value in (re.split(": ?", line, maxsplit=1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Heard(first, headers, json.loads(body) if body else None)


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """Listen for the length of a block."""
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0, ssl=tls)
    wire.port = server.sockets[0].getsockname()[1]
    yield wire
    server.close()
