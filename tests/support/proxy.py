"""What stands in front of several servers: does with requests what deploy/Caddyfile says of that, and no more.

A visitor stays with one server by a cookie, as long as that is up. Each is asked for a sign of life, more often than
there. One that does not answer 200, or can't be connected to, gets nobody until it does. A request that nobody took is
handed to another, for some seconds. One that was taken is never repeated: when nothing comes back it is a 502.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from tests.support.waiting import until

_INTERVAL = 0.25
_TRY_SECONDS = 10.0
_BETWEEN_TRIES = 0.25
_COOKIE = "server"
_OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"}


@dataclass
class Proxy:
    """A reverse proxy and what it knows of the servers."""

    ports: Sequence[int]
    session: ClientSession
    url: str = ""
    up: set[int] = field(default_factory=set)
    turns: int = 0
    in_vain: int = 0
    """How many requests found nobody where they were sent."""

    async def watch(self) -> None:
        """Ask every server for a sign of life, again and again."""
        while True:
            alive = await asyncio.gather(*(self._is_alive(port) for port in self.ports))
            self.up = {port for port, well in zip(self.ports, alive, strict=True) if well}
            await asyncio.sleep(_INTERVAL)

    async def _is_alive(self, port: int) -> bool:
        try:
            async with self.session.get(f"http://127.0.0.1:{port}/ping") as answer:
                return answer.status == web.HTTPOk.status_code
        except ClientError:
            return False

    async def hand_over(self, request: web.Request) -> web.Response:
        """Hand a request to a server and its answer back."""
        body = await request.read()
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                while True:
                    if port := self._choose(request):
                        try:
                            return await self._ask(port, request, body)
                        except ClientConnectorError:
                            self.up.discard(port)
                            self.in_vain += 1
                    await asyncio.sleep(_BETWEEN_TRIES)
        except TimeoutError:
            return web.Response(status=503, text="no server is up")
        except ClientError as error:
            return web.Response(status=502, text=f"handed over, and then: {error!r}")

    def _choose(self, request: web.Request) -> int | None:
        if not self.up:
            return None
        theirs = int(request.cookies.get(_COOKIE, 0))
        self.turns += 1
        return theirs if theirs in self.up else sorted(self.up)[self.turns % len(self.up)]

    async def _ask(self, port: int, request: web.Request, body: bytes) -> web.Response:
        url = f"http://127.0.0.1:{port}{request.raw_path}"
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_HOP}
        async with self.session.request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as answer:
            given = [(name, value) for name, value in answer.headers.items() if name.lower() not in _OF_ONE_HOP]
            response = web.Response(status=answer.status, body=await answer.read())
            response.headers.extend(given)
            response.set_cookie(_COOKIE, str(port))
            return response


@asynccontextmanager
async def proxying(ports: Sequence[int]) -> AsyncIterator[Proxy]:
    """Stand in front of some servers for the length of a block, in which all of them are known to be up."""
    session = ClientSession(
        cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=0), timeout=ClientTimeout(total=60)
    )
    async with session:
        proxy = Proxy(ports, session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", proxy.hand_over)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        watching = asyncio.create_task(proxy.watch())
        try:
            await asyncio.to_thread(until, lambda: len(proxy.up) == len(ports), "the proxy to find all servers up")
            yield proxy
        finally:
            watching.cancel()
            await runner.cleanup()
