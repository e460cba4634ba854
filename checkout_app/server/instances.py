"""The processes that serve: each with a port of its own, begun, watched and ended together.

Several processes behind one port would break a connection made of single requests, which a browser falls back to where
no websocket gets through: each request could reach another process. So a process has one worker, and what stands in
front of all of them keeps a visitor with one.

One that ends by itself is started again, because the others serve on meanwhile and nothing is lost with it. When one
can't even begin, all end: it would be no different the next time, and an operator is watching. Each leads a group of
its own, so that no process of it is left over: when it has ended, when it does not in time, or when we do.

For a release they are replaced one after the other, each while all others answer. Before one is told to stop it says
that it is leaving, and nobody is sent to it any more. SIGUSR1 asks for that: SIGHUP is what a closed terminal sends.
"""

import asyncio
import errno
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from checkout_app.core import addresses
from checkout_app.core.settings import SettingsError, settings
from checkout_app.server import builds, kept_assets

log = structlog.stdlib.get_logger(__name__)

PING: Final = "/ping"
_NOTICED = 3.0
"""Seconds until whoever shares visitors out has noticed a change: deploy/Caddyfile asks every second."""
_PEACEFUL = {0, -signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT}
"""Statuses of a process that was told to stop."""
_PAUSE = 1.0
"""Seconds until one that ended is started again: what it needs may be away for a while."""
_POLL = 0.1
_GRACE = 8.0
"""Seconds in which a process that is told to stop has to; the next one settles what it was doing."""


def ports() -> Sequence[int]:
    """Return the ports that the shop is served on."""
    return range(settings().port, settings().port + settings().web_workers)


def taken_port() -> int | None:
    """Return the first of these ports that is in use; raises SettingsError when there can't be listened at all."""
    return next((port for port in ports() if not _is_free(port)), None)


def _is_free(port: int) -> bool:
    address = settings().bind
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(f"The shop can't listen on {address}, port {port}: {error.strerror}.") from error
            return False
    return True


def serve(opened: Callable[[], None]) -> int:
    """Serve on every port until told to stop, and call `opened` once all of them answer.

    Returns 0, or the status of a process that ended before it ever answered.
    """
    return asyncio.run(_serve(opened))


def leaving(port: int) -> Path:
    """Return the file that is there while the process on a port is leaving."""
    return settings().data_dir / f"leaving-{port}"


async def _serve(opened: Callable[[], None]) -> int:
    stopping, released = asyncio.Event(), asyncio.Event()
    instances = [_Instance(port, stopping) for port in ports()]
    beside = [asyncio.create_task(_open(instances, opened)), asyncio.create_task(_replace(instances, released))]

    def stop() -> None:
        if stopping.is_set():
            return  # a terminal and a supervisor tell everybody, and some tell twice
        stopping.set()
        for task in beside:
            task.cancel()
        for instance in instances:
            instance.end()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, released.set)
    keeping = [asyncio.create_task(instance.keep()) for instance in instances]
    await asyncio.wait(keeping, return_when=asyncio.FIRST_COMPLETED)
    told = stopping.is_set()
    if not told:
        stop()
    statuses = await asyncio.gather(*keeping)
    # Who is told to stop twice, by Ctrl-C and by us, may end in the middle of ending: that is no failure.
    return 0 if told else next((status for status in statuses if status not in _PEACEFUL), 0)


async def _open(instances: Sequence["_Instance"], opened: Callable[[], None]) -> None:
    await _all_answer(instances)
    opened()


async def _replace(instances: Sequence["_Instance"], released: asyncio.Event) -> None:
    """Replace every process, one after the other, whenever there is a release."""
    notice = _NOTICED if len(instances) > 1 else 0.0  # one alone sends nobody away: there is nowhere to go
    while True:
        await released.wait()
        released.clear()
        log.info("the servers are being replaced")
        try:
            for instance in instances:
                await _all_answer(instances)
                await asyncio.sleep(notice)
                await instance.replace(notice)
        except OSError:
            log.exception("the servers could not be replaced")
            continue
        await _all_answer(instances)
        log.info("all servers have been replaced")


async def _all_answer(instances: Sequence["_Instance"]) -> None:
    while silent := [instance for instance in instances if not instance.answering.is_set()]:
        await silent[0].answering.wait()


class _Instance:
    """What serves on one port: a process, and the next one when that ended."""

    def __init__(self, port: int, stopping: asyncio.Event) -> None:
        self.answering = asyncio.Event()
        """Whether its process has answered."""
        self._answered = False
        """Whether any of its processes has."""
        self._port = port
        self._stopping = stopping
        self._leaving = leaving(port)
        self._process: Process | None = None

    async def keep(self) -> int:
        """Keep a process running until all are to stop, or until it ends unheard; returns the status of the last."""
        while True:
            status = await self._run()
            if self._stopping.is_set():
                return status
            if not self._answered:
                log.error("server ended before it answered", port=self._port, status=status)
                return status or 1
            if self._leaving.exists():
                log.info("server is replaced", port=self._port)
                continue
            log.error("server ended, it is started again", port=self._port, status=status)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _PAUSE)
                return 0

    async def replace(self, notice: float) -> None:
        """Have the next process take over, after so many seconds in which this one says that it is leaving."""
        self._leaving.parent.mkdir(parents=True, exist_ok=True)
        self._leaving.touch()
        await asyncio.sleep(notice)
        self.answering.clear()
        self.end()

    def end(self) -> None:
        """Tell the process to stop; it lets running requests finish, but not for ever."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            asyncio.get_running_loop().call_later(_GRACE, self._kill, self._process)

    @staticmethod
    def _kill(process: Process) -> None:
        """End what is left of a process and of those it began."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    async def _run(self) -> int:
        """Run a process to its end, on the pages that are current as it begins; returns its status."""
        command = [sys.executable, "-m", "checkout_app.server.instance", "run", "--env", "prod", "--backend-only"]
        command += ["--backend-host", settings().bind, "--backend-port", str(self._port)]
        self._leaving.unlink(missing_ok=True)
        with builds.held() as build, kept_assets.kept(build):
            self._process = await asyncio.create_subprocess_exec(
                *command,
                cwd=builds.ROOT,
                env=self._environment(build),
                stdin=PIPE,
                stdout=DEVNULL,
                start_new_session=True,
            )
            if self._stopping.is_set():  # it was told before there was anybody to tell
                self.end()
            listening = asyncio.create_task(self._listen())
            try:
                return await self._process.wait()
            finally:
                listening.cancel()
                self.answering.clear()
                self._kill(self._process)

    def _environment(self, build: Path) -> dict[str, str]:
        """Return our own settings, but those of one process among the others."""
        own = {"PORT": str(self._port), "WEB_WORKERS": "1", "PUBLIC_URL": settings().public_url}
        return {**os.environ, **own, builds.WEB_FOLDER: str(build)}

    async def _listen(self) -> None:
        while not await _answers(self._port):  # noqa: ASYNC110 - another process has no event of ours to set
            await asyncio.sleep(_POLL)
        self._answered = True
        self.answering.set()


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(addresses.reached_at(settings().bind), port)
        try:
            writer.write(f"GET {PING} HTTP/1.0\r\n\r\n".encode())
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    except OSError:
        return False
