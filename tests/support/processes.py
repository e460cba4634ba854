"""Start the real programs for tests, wait until they answer, and end them."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from tests.support.forks import fork

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
_LONGEST_COMMAND = 300.0
_CLI = ("-m", "checkout_app.cli")
_PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections."""


def free_port() -> int:
    """Return a port that nothing listens on, and that no outgoing connection is given while a server restarts."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


@dataclass
class Process:
    """A program under test; `kill` is a power cut, `stop` a polite request."""

    url: str
    log: Path
    pid: int
    ends: Callable[[float], int | None]
    """Waits for its end, so many seconds at most, and returns its status; None when that has not come."""

    def kill(self) -> None:
        """End it with SIGKILL, children included."""
        self._signal(signal.SIGKILL)
        assert self.ends(_PATIENCE) is not None, "not even killing ended it"

    def stop(self) -> None:
        """End it with SIGTERM; a program that does not obey is killed."""
        self._signal(signal.SIGTERM)
        if self.ends(_PATIENCE) is None:
            self.kill()

    def _signal(self, number: int) -> None:
        if self.ends(0) is None:
            os.killpg(self.pid, number)


def start(
    arguments: list[str],
    *,
    url: str,
    ready: str,
    log: Path,
    environment: Mapping[str, str],
    forked: bool = True,
    folder: Path = ROOT,
) -> Process:
    """Start a program and wait until `ready` answers; fails with the end of its log when it ends or stays silent.

    One that is not to be `forked` imports everything for itself, as an operator's does. It is what is in the `folder`.
    """
    begin = _forked if forked else _begun
    process = Process(url, log, *begin(arguments, folder, {**inherited(), **environment}, log))
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.ends(0) is None:
        try:
            if httpx.get(url + ready, timeout=_PATIENCE).status_code < 500:
                return process
        except httpx.TransportError:
            time.sleep(0.05)  # not a wait for work: the port is not open yet
    process.kill()
    raise AssertionError(f"{arguments} did not start:\n{log.read_text()[-4000:]}")


def _forked(
    arguments: list[str], folder: Path, environment: Mapping[str, str], log: Path
) -> tuple[int, Callable[[float], int | None]]:
    process = fork(arguments, folder=folder, environment=environment, output=log, complaints=log)

    def ends(seconds: float) -> int | None:
        process.join(seconds)
        return process.exitcode

    return process.pid or 0, ends


def _begun(
    arguments: list[str], folder: Path, environment: Mapping[str, str], log: Path
) -> tuple[int, Callable[[float], int | None]]:
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ends(seconds: float) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            popen.wait(seconds)
        return popen.poll()

    return popen.pid, ends


def inherited() -> dict[str, str]:
    """Return what a program under test gets of our own environment, which says no setting of the shop."""
    names = (
        "PATH",
        "HOME",
        "COVERAGE_PROCESS_CONFIG",
    )  # the last by `make coverage`, for what the program runs of ours
    return {"HOME": "/", **{name: os.environ[name] for name in names if name in os.environ}}


def operate(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run an operator's command with nothing but these settings; one that serves instead of ending is killed."""
    return run([*_CLI, *command], environment)


def run(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run what `python` does with these arguments to its end, with nothing but these settings."""
    with tempfile.TemporaryDirectory() as folder:
        output, complaints = Path(folder, "output"), Path(folder, "complaints")
        own = {**inherited(), **environment}
        forked = fork(arguments, folder=ROOT, environment=own, output=output, complaints=complaints)
        forked.join(_LONGEST_COMMAND)
        if forked.exitcode is None:
            os.killpg(forked.pid or 0, signal.SIGKILL)
            raise subprocess.TimeoutExpired(arguments, _LONGEST_COMMAND)
        return subprocess.CompletedProcess(arguments, forked.exitcode, output.read_text(), complaints.read_text())


def beginning(environment: Mapping[str, str], *command: str, said: Path) -> BaseProcess:
    """Start an operator's command as above, in a group of its own; what it says goes into a file."""
    own = {**inherited(), **environment}
    return fork([*_CLI, *command], folder=ROOT, environment=own, output=said, complaints=said)


def operating(environment: Mapping[str, str], *command: str) -> subprocess.Popen[str]:
    """Start an operator's command with nothing but these settings, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, *_CLI, *command],
        cwd=ROOT,
        env={**inherited(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running(
    arguments: list[str],
    *,
    url: str,
    ready: str,
    log: Path,
    environment: Mapping[str, str],
    forked: bool = True,
    folder: Path = ROOT,
) -> Iterator[Process]:
    """Run a program for the length of a block."""
    process = start(arguments, url=url, ready=ready, log=log, environment=environment, forked=forked, folder=folder)
    try:
        yield process
    finally:
        process.stop()
