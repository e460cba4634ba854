"""Start the real programs for tests, wait until they answer, and end them."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
_LONGEST_COMMAND = 300.0
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
    popen: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it with SIGKILL, children included."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(_PATIENCE)

    def stop(self) -> None:
        """End it with SIGTERM; a program that does not obey is killed."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
        try:
            self.popen.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()


def start(arguments: list[str], *, url: str, ready: str, log: Path, environment: Mapping[str, str]) -> Process:
    """Start a program and wait until `ready` answers; fails with the end of its log when it ends or stays silent."""
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**inherited(), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process = Process(url=url, log=log, popen=popen)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and popen.poll() is None:
        try:
            if httpx.get(url + ready, timeout=_PATIENCE).status_code < 500:
                return process
        except httpx.TransportError:
            time.sleep(0.05)  # not a wait for work: the port is not open yet
    process.kill()
    raise AssertionError(f"{arguments} did not start:\n{log.read_text()[-4000:]}")


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
    with operating(environment, *command) as popen:
        try:
            told, complained = popen.communicate(timeout=_LONGEST_COMMAND)
        except subprocess.TimeoutExpired:
            os.killpg(popen.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, popen.returncode, told, complained)


def operating(environment: Mapping[str, str], *command: str) -> subprocess.Popen[str]:
    """Start an operator's command with nothing but these settings, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "checkout_app.cli", *command],
        cwd=ROOT,
        env={**inherited(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running(
    arguments: list[str], *, url: str, ready: str, log: Path, environment: Mapping[str, str]
) -> Iterator[Process]:
    """Run a program for the length of a block."""
    process = start(arguments, url=url, ready=ready, log=log, environment=environment)
    try:
        yield process
    finally:
        process.stop()
