"""A peer: a shop in another stack, to be compared with. It comes in a folder with scripts that build and run it.

`postgres.sh` runs a PostgreSQL server, which all that is measured beside a peer then uses; `run_nest.sh` builds the
peer if it has changed, gives it a new database with a hundred products, and runs it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.buyers import Dialect
from benchmarks.servers import Running
from tests.support.processes import free_port

_DIALECT = Dialect(
    enter="/auth/register",
    order="/checkout/order",
    payment="/checkout/payment",
    product="/products",
    products="/products",
    orders="/orders",
    product_field="productId",
)


class Peer:
    """The peer in a folder; what it writes goes to another one."""

    def __init__(self, folder: Path, room: Path) -> None:
        self._folder = folder
        self._room = room
        self._port = str(free_port())
        self._settings = {"PEERS_RUN": str(room), "PEERS_PG": str(room / "postgresql"), "PG_PORT": self._port}

    @contextmanager
    def running_postgresql(self) -> Iterator[str]:
        """Run its PostgreSQL server for the length of a block; the URL of the default database."""
        self._call("postgres.sh", "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{self._port}/postgres?sslmode=disable"
        finally:
            self._call("postgres.sh", "stop")

    @contextmanager
    def running(self, _folder: Path, gateway: str) -> Iterator[Running]:
        """Run it for the length of a block, paying through the gateway at a URL."""
        port = str(free_port())
        try:
            self._call("run_nest.sh", "start", {"PORT": port, "RAZORPAY_BASE_URL": gateway})
            pid = int(self._call("run_nest.sh", "pid"))
            node = subprocess.run([f"/proc/{pid}/exe", "--version"], capture_output=True, text=True, check=True)
            version = f"Node.js {node.stdout.strip().removeprefix('v')}"
            yield Running(f"http://127.0.0.1:{port}", pid, self._room / "nest.log", _DIALECT, version)
        finally:
            self._call("run_nest.sh", "stop")

    def _call(self, script: str, command: str, settings: Mapping[str, str] | None = None) -> str:
        environment = {**os.environ, **self._settings, **(settings or {})}
        called = subprocess.run(
            [f"./{script}", command], cwd=self._folder, env=environment, capture_output=True, text=True, check=False
        )
        if called.returncode:
            sys.exit(f"{script} {command} ended with status {called.returncode}:\n{called.stdout}{called.stderr}")
        return called.stdout
