"""HTTP/1.1 by hand, no more of it than both ends of a benchmark say: what is measured shares the machine with them."""

import asyncio
from typing import NamedTuple, Self, cast

_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


class Message(NamedTuple):
    """A request or an answer: its head without the empty line, its body, and how many bytes both were."""

    head: bytes
    body: bytes
    size: int


def first_message(received: bytes) -> Message | None:
    """Return the first message of what has come so far, None when it is not all there; raises ValueError.

    A body is as long as Content-Length says; one that comes in chunks is refused, since nothing here needs any.
    """
    ends = received.find(_HEAD_ENDS)
    if ends < 0:
        return None
    head = received[:ends]
    lowered = head.lower()
    if b"\r\ntransfer-encoding:" in lowered:
        raise ValueError(f"a body in chunks: {head!r}")
    start, length = ends + len(_HEAD_ENDS), _length(lowered)
    if len(received) < start + length:
        return None
    return Message(head, received[start : start + length], start + length)


def _length(lowered_head: bytes) -> int:
    _, named, rest = lowered_head.partition(_LENGTH)
    return int(rest.partition(b"\r\n")[0]) if named else 0


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Spell out a request whose body, if any, is JSON."""
    described = {"Content-Type": "application/json", "Content-Length": str(len(body))} if body else {}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (headers | described).items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection(asyncio.Protocol):
    """A connection that is kept, to a server that is asked one thing at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """Connect to a server."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, host, port)
        return connection

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return its answer's status and body; raises ConnectionError, ValueError."""
        if self._transport is None:
            raise ConnectionResetError("the server has closed the connection")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand an answer over once it is all there."""
        self._received += data
        try:
            message = first_message(self._received)
        except ValueError as error:
            self._fail(error)
            return
        if message is not None:
            self._received = self._received[message.size :]
            if self._answer is not None and not self._answer.done():
                self._answer.set_result((int(message.head[9:12]), message.body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that no answer will come."""
        self._transport = None
        self._fail(exc or ConnectionResetError("the server closed the connection instead of answering"))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
