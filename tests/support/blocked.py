"""A network that lets no websocket through: stands in front of a server and passes on everything else."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from typing import Literal

from tests.support.waiting import PATIENCE

How = Literal["refuses", "stalls"]

_HEAD = 65536
_REFUSED = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@contextmanager
def blocking_websockets(port: int, at: int, how: How) -> Iterator[None]:
    """Listen for the length of a block; a websocket is refused there, or nothing ever comes of it."""
    begun: Future[Callable[[], object]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_listen(port, at, how, begun)))  # ours has the browser's loop
    thread.start()
    end = begun.result(PATIENCE)
    try:
        yield
    finally:
        end()
        thread.join()


async def _listen(port: int, at: int, how: How, begun: Future[Callable[[], object]]) -> None:
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            first = await reader.read(_HEAD)  # browsers open a connection of its own for each websocket
            if b"upgrade: websocket" in first.lower():
                await (_refuse(writer) if how == "refuses" else done.wait())
                writer.close()
                return
            behind = await asyncio.open_connection("127.0.0.1", port)
            behind[1].write(first)
            await asyncio.gather(_pass_on(reader, behind[1]), _pass_on(behind[0], writer))

    server = await asyncio.start_server(serve, "127.0.0.1", at)
    begun.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, done.set))
    await done.wait()
    server.close()


async def _refuse(writer: asyncio.StreamWriter) -> None:
    writer.write(_REFUSED)
    await writer.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_HEAD):
            writer.write(data)
            await writer.drain()
    writer.close()
