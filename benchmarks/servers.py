"""What is measured, each as a server that runs for the length of a block: the shop as in production, and its floor."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import shelf
from benchmarks.buyers import Dialect
from benchmarks.gateway import KEY_ID, KEY_SECRET
from tests.support.processes import free_port, operate, running
from tests.support.serving import put_up

_DIALECT = Dialect(
    enter="/api/auth/guest",
    order="/api/checkout/order",
    payment="/api/checkout/payment",
    product="/api/products",
    products=f"/api/products?limit={shelf.NUMBER}",
    orders="/api/orders",
    product_field="product_id",
)
_REFLEX = ["-m", "reflex", "run", "--env", "prod", "--backend-only", "--backend-host", "127.0.0.1", "--backend-port"]
_GRANIAN = ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port"]
_PATIENCE = "20"
"""Seconds until what the books and the gateway say differently is called wrong; by then nobody buys any more."""
_UNHURRIED = "order=1000000/minute, unpaid=off, requests=off, tabs=off, events=1000000/second"
"""As rate limits: each buyer orders as fast as the server answers, and all have one address."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: its first process, its log, how to speak to it, and on what it runs, if not on Python.

    Ours say with which settings they run as well.
    """

    url: str
    pid: int
    log: Path
    dialect: Dialect
    version: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


Start = Callable[[Path, str], AbstractContextManager[Running]]
"""Runs a server with what it keeps in a folder, paying through the gateway at a URL; wrong books end everything."""


def shop(new_database: Callable[[Path], str], **settings: str) -> Start:
    """Return how the shop is run on a new database, with some settings of its own."""
    return lambda folder, gateway: _running_shop(folder, gateway, new_database(folder), settings)


def floor(new_database: Callable[[Path], str]) -> Start:
    """Return how the floor is run on a new database, which has to be of PostgreSQL."""
    return lambda folder, gateway: _running_floor(folder, gateway, new_database(folder))


@contextmanager
def _running_shop(folder: Path, gateway: str, database_url: str, own: Mapping[str, str]) -> Iterator[Running]:
    """Run the shop by the command by which it runs in production, but without its pages, which nobody asks for here."""
    put_up(folder, "web")  # with a renderer: one that can't start would be begun again and again meanwhile
    environment = _settings(folder, gateway, database_url) | {"REFLEX_WEB_WORKDIR": str(folder / "web")} | dict(own)
    with _on_books(_REFLEX, folder, environment) as server:
        yield server


@contextmanager
def _running_floor(folder: Path, gateway: str, database_url: str) -> Iterator[Running]:
    environment = _settings(folder, gateway, database_url)
    with _on_books([*_GRANIAN[:2], "benchmarks.floor:app", *_GRANIAN[2:]], folder, environment) as server:
        yield server


@contextmanager
def _on_books(command: list[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Running]:
    """Run a server on books that the shop has made, and look over them in the end."""
    _operate(environment, "migrate")
    shelf.fill(environment["DATABASE_URL"])
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {**environment, "PORT": str(port)}
    log = folder / "server.log"
    command = [*command, str(port)]
    with running(command, url=url, ready=_DIALECT.product, log=log, environment=settings, forked=False) as process:
        yield Running(url, process.pid, log, _DIALECT, settings=settings)
    _operate(environment, "check", "--patience", _PATIENCE)


def _settings(folder: Path, gateway: str, database_url: str) -> dict[str, str]:
    """Return the settings of a shop in production, which has a proxy in front."""
    return {
        "ENVIRONMENT": "production",
        "PUBLIC_URL": "https://shop.example",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "JWT_SECRET": os.urandom(24).hex(),
        "RAZORPAY_API_URL": gateway,
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": "whsec_benchmark",
        "RATE_LIMITS": _UNHURRIED,
    }


def _operate(environment: Mapping[str, str], *command: str) -> None:
    done = operate(environment, *command)
    if done.returncode:
        sys.exit(f"`{' '.join(command)}` ended with status {done.returncode}:\n{done.stdout}{done.stderr[-2000:]}")
