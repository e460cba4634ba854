"""What stands in front of a server for a browser: listens beside the test, in a loop of its own."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

from tests.support.waiting import PATIENCE

AT_ONCE: Final = 65536
"""Bytes that are read at a time: more than the head of any request."""

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def listening(at: int, serve: Serve, security: ssl.SSLContext | None = None) -> Iterator[None]:
    """Serve each connection to a port of this machine for the length of a block, and then drop them all."""
    begun: Future[Callable[[], object]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_listen(at, serve, security, begun)))  # ours has the browser's
    thread.start()
    end = begun.result(PATIENCE)
    try:
        yield
    finally:
        end()
        thread.join()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes = b"") -> None:
    """Say on a connection of its own what a visitor has to say, after what they said first, and the same back."""
    from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
    to_server.write(first)
    await asyncio.gather(_flow(reader, to_server), _flow(from_server, writer))


async def _listen(at: int, serve: Serve, security: ssl.SSLContext | None, begun: Future[Callable[[], object]]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await serve(reader, writer)

    server = await asyncio.start_server(answer, "127.0.0.1", at, ssl=security)
    done = asyncio.Event()
    begun.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, done.set))
    await done.wait()
    server.close()


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(AT_ONCE):
            writer.write(data)
            await writer.drain()
    writer.close()
