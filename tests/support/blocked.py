"""A network that lets no websocket through: stands in front of a server and passes on everything else."""

import asyncio
from contextlib import AbstractContextManager
from typing import Literal

from tests.support.listening import AT_ONCE, listening, pass_on

How = Literal["refuses", "stalls"]

_REFUSED = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def blocking_websockets(port: int, at: int, how: How) -> AbstractContextManager[None]:
    """Listen for the length of a block; a websocket is refused there, or nothing ever comes of it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(AT_ONCE)  # browsers open a connection of its own for each websocket
        if b"upgrade: websocket" not in first.lower():
            await pass_on(reader, writer, port, first)
            return
        if how == "stalls":
            await asyncio.Event().wait()
        writer.write(_REFUSED)
        await writer.drain()
        writer.close()

    return listening(at, serve)
