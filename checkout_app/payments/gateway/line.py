"""The line to the gateway: one request goes out, one answer comes back. What either means is the client's business."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import aiohttp

from checkout_app.core.outside import proxy_for, trust

CONNECT_SECONDS = 1.0
"""How long a new connection may take, from looking up the name to the end of the TLS handshake."""
READ_SECONDS = 5.0
"""How long the gateway may say nothing while we wait for an answer or for the rest of it."""
CONNECTIONS = 300
"""How many requests may be under way at once; each takes a file of the thousand and some that a process may open."""
_KEPT_SECONDS = 20.0


class Request(NamedTuple):
    """What is asked. `path` begins at the gateway's root; `query` is encoded, without its question mark, or empty."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None


class Answer(NamedTuple):
    """What came back, whatever it is worth. `headers` are found by their names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line(Protocol):
    """What carries requests to the gateway."""

    async def carry(self, request: Request) -> Answer:
        """Send a request, once; raises OSError, which says what happened, when there is no whole answer."""

    async def aclose(self) -> None:
        """Let go of what is held open."""


class Tcp:
    """The line over TCP, on connections that are kept for a while. They belong to the event loop of the first call."""

    def __init__(self, root: str) -> None:
        """`root` is the gateway's address without a trailing slash."""
        self._root = root
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, request: Request) -> Answer:
        """Send a request, once, when there is a connection to be had; raises OSError."""
        method, path, query, headers, body = request
        url = f"{self._root}{path}?{query}" if query else self._root + path
        session = self._session or self._open()
        try:
            async with (
                self._free,
                session.request(method, url, headers=headers, data=body, allow_redirects=False) as answer,
            ):
                return Answer(answer.status, answer.headers, await answer.read())
        except aiohttp.ClientError as error:
            raise ConnectionError(type(error).__name__) from error

    async def aclose(self) -> None:
        """Close the connections; another call would open new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        # `connect` covers a wait for one of the connector's own connections too, so that wait is ours, before it.
        session = self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust(), limit=0, keepalive_timeout=_KEPT_SECONDS),
            timeout=aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=proxy_for(self._root),
        )
        session._retry_connection = False  # noqa: SLF001 - how often something is asked is the client's to say
        return session
