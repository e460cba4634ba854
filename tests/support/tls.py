"""Where https ends: speaks TLS on one port and says the same in the clear on another."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial

from tests.support.waiting import PATIENCE
from tests.support.wire import CERTIFICATE


@contextmanager
def tls_in_front_of(port: int, at: int) -> Iterator[None]:
    """Listen for the length of a block, with a certificate that nobody has signed."""
    begun: Future[Callable[[], object]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_listen(port, at, begun)))  # our own has the browser's loop
    thread.start()
    end = begun.result(PATIENCE)
    try:
        yield
    finally:
        end()
        thread.join()


async def _listen(port: int, at: int, begun: Future[Callable[[], object]]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            behind = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pass_on(reader, behind[1]), _pass_on(behind[0], writer))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = await asyncio.start_server(serve, "127.0.0.1", at, ssl=context)
    done = asyncio.Event()
    begun.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, done.set))
    await done.wait()
    server.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
