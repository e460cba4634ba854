"""A shop under test: its process, its gateway, its database, and the buyers who use it."""

import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, text
from sqlmodel import col, select

from checkout_app.core import clock
from checkout_app.core.rounds import Round
from tests.support.databases import blocking_engine, settle
from tests.support.processes import Process, free_port, running, start
from tests.support.zones import everywhere

KEY_ID = "rzp_test_TestKey0000001"
KEY_SECRET = "testkeysecret00000000001"
OTHER_KEY_ID = "rzp_test_Another0000001"
OTHER_KEY_SECRET = "anothersecret00000000001"
"""The key of another account."""
WEBHOOK_SECRET = "whsec_for_tests"
UNHURRIED = (
    "order=1000000/minute, link=1000000/minute, cart=1000000/minute, passwords=1000000/minute, "
    "kept=1000000/minute, unpaid=off, requests=off, tabs=off, events=1000000/second"
)
"""As rate limits: nobody is told to wait for ordering or clicking as fast as tests do, or for not paying."""
API_SERVER = "tests/support/api_server.py"
WEAK_SERVER = "tests/support/weak_server.py"

_numbers = itertools.count(1)


@dataclass
class Gateway:
    """The sandbox as a process of its own, with the switches that tests turn."""

    process: Process

    @property
    def url(self) -> str:
        """Its root, as SDKs take it."""
        return self.process.url

    def pay(self, razorpay_order_id: str, **how: Any) -> httpx.Response:
        """Pay an order as a buyer would in the modal; answers what the modal hands over, or the error envelope."""
        return httpx.post(f"{self.url}/_test/pay", json={"order_id": razorpay_order_id, **how}, timeout=30)

    def fetch(self, path: str, **params: Any) -> Any:
        """Read something from the gateway with the shop's key."""
        answer = httpx.get(f"{self.url}/v1/{path}", params=params, auth=(KEY_ID, KEY_SECRET), timeout=30)
        return answer.raise_for_status().json()

    def set(self, switch: str, value: Any) -> None:
        """Set a switch: `faults`, `webhooks` or `clock`."""
        httpx.put(f"{self.url}/_test/{switch}", json=value, timeout=30).raise_for_status()


@dataclass
class Shop:
    """The shop's API as a process on its own database."""

    process: Process
    gateway: Gateway
    engine: Engine
    environment: Mapping[str, str]
    server: str = API_SERVER
    books: threading.RLock = field(default_factory=threading.RLock)
    """Who has it keeps the test's own hands off the database."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.process.url

    @property
    def busy(self) -> bool:
        """Whether its background work is under way."""
        return bool(httpx.get(f"{self.url}/busy", timeout=30).json())

    def kill_and_restart(self) -> None:
        """Pull the plug and start again on the same port and database."""
        self.process.kill()
        self.start()

    def restart(self, **settings: str) -> None:
        """Stop as an operator does and start again on the same port, with some settings changed."""
        self.process.stop()
        self.start(**settings)

    def start(self, **settings: str) -> None:
        """Start again what has ended, on the same port, with some settings changed."""
        self.environment = {**self.environment, **settings}
        self.process = _start_shop(self.environment, self.process.log, self.server)

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """Run SQL and return its rows."""
        with self.books, self.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def came_round(self, name: str) -> bool:
        """Tell whether a kind of work came round and nobody is at it: what a test writes there stays, then."""
        with self.books, self.engine.begin() as connection:
            done = select(Round.id).where(Round.id == name, Round.attempts == 0, col(Round.due_at) > clock.now())
            return connection.execute(done).first() is not None

    def product(self, *, on_hand: int | None = 100, amount: int = 48000, name: str = "Kulhad cups") -> str:
        """Put something on the shelf and return its id, which is also its variant's."""
        number = next(_numbers)
        product_id = f"PRODUCT{number:019d}"
        product = {
            "id": product_id,
            "created_at": "2026-01-01 00:00:00",
            "slug": f"cups-{number}",
            "position": number,
            "name": name,
            "category": "Table",
            "summary": "Six cups.",
            "description": "Clay.",
            "details": "[]",
            "image": "products/kulhad-cups-set-of-six.svg",
            "image_alt": "Six cups.",
            "digital": False,
            "on_sale": True,
        }
        variant = {
            "id": product_id,
            "created_at": "2026-01-01 00:00:00",
            "product_id": product_id,
            "position": 1,
            "sku": f"cups-{number}",
            "amount": amount,
            "currency": "INR",
            "tax_rate": 1200,
            "hsn": "6912",
            "on_hand": on_hand,
            "held": 0,
        }
        self._insert("products", product)
        self._insert("variants", variant)
        return product_id

    def variant(self, product_id: str, value: str, *, on_hand: int, amount: int) -> str:
        """Let there be a second variant of something on the shelf, of which the first is plain, and return its id."""
        variant_id = f"VARIANT{next(_numbers):019d}"
        self.rows("UPDATE products SET options = :names WHERE id = :id", names='["Glaze"]', id=product_id)
        self.rows("UPDATE variants SET option_values = :plain WHERE id = :id", plain='["Plain"]', id=product_id)
        [first] = self.rows("SELECT * FROM variants WHERE id = :id", id=product_id)
        own = {"id": variant_id, "position": 2, "sku": variant_id, "option_values": json.dumps([value])}
        self._insert("variants", {**first, **own, "on_hand": on_hand, "amount": amount})
        return variant_id

    def coupon(self, value: int, *, most: int | None = None) -> str:
        """Let there be a coupon that takes so many basis points off, and return its code."""
        coupon = {
            "created_at": "2026-01-01 00:00:00",
            "code": f"COUPON-{next(_numbers)}",
            "kind": "percent",
            "value": value,
            "currency": "INR",
            "minimum": 0,
            "starts_at": "2026-01-01 00:00:00",
            "most": most,
            "once": False,
            "used": 0,
        }
        self._insert("coupons", coupon)
        return str(coupon["code"])

    def used(self, code: str) -> int:
        """Return how many orders have a coupon."""
        [row] = self.rows("SELECT used FROM coupons WHERE code = :code", code=code)
        return int(row["used"])

    def charge_everywhere(self, charge: int) -> None:
        """Let the shop send everywhere for so much."""
        zone = everywhere(charge)
        row = {"id": zone.id, "created_at": "2026-01-01 00:00:00", "said": json.dumps(asdict(zone))}
        self._insert("delivery_zones", row)

    def stock(self, product_id: str) -> tuple[int, int]:
        """Return the units on hand and the units held."""
        [row] = self.rows("SELECT on_hand, held FROM variants WHERE id = :id", id=product_id)
        return row["on_hand"], row["held"]

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        self.rows(f"INSERT INTO {table} ({', '.join(row)}) VALUES (:{', :'.join(row)})", **row)  # noqa: S608 - our names

    def buyer(self, name: str = "Asha") -> httpx.Client:
        """Return a client signed in as a new guest."""
        answer = httpx.post(f"{self.url}/api/auth/guest", json={"email": "asha@example.in", "name": name}, timeout=30)
        token = answer.raise_for_status().json()["access_token"]
        return httpx.Client(base_url=f"{self.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60)


@contextmanager
def running_gateway(folder: Path, *, webhook_url: str | None = None) -> Iterator[Gateway]:
    """Run the sandbox alone, as a process of its own."""
    port = free_port()
    arguments = ["-m", "razorpay_sandbox", "--port", str(port), "--data", str(folder / "gateway")]
    arguments += ["--key-id", KEY_ID, "--key-secret", KEY_SECRET, "--webhook-secret", WEBHOOK_SECRET]
    arguments += ["--webhook-url", webhook_url] if webhook_url else []
    url = f"http://127.0.0.1:{port}"
    log = folder / "gateway.log"
    with running(arguments, url=url, ready="/_test/clock", log=log, environment={}) as process:
        yield Gateway(process)


def environment_of(folder: Path, gateway: Gateway, database_url: str) -> dict[str, str]:
    """Return the settings of a shop that pays through a gateway."""
    return {
        "BACKUPS_KEPT": "0",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "RAZORPAY_API_URL": gateway.url,
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "RATE_LIMITS": UNHURRIED,
    }


@contextmanager
def running_shop(
    folder: Path,
    gateway: Gateway,
    database_url: str,
    *,
    port: int | None = None,
    server: str = API_SERVER,
    **settings: str,
) -> Iterator[Shop]:
    """Run the shop's API on a database, paying through a gateway; `server` is the script that serves it."""
    environment = environment_of(folder, gateway, database_url) | {"PORT": str(port or free_port())} | settings
    settle(database_url)
    process = _start_shop(environment, folder / "shop.log", server)
    engine = blocking_engine(database_url)
    shop = Shop(process=process, gateway=gateway, engine=engine, environment=environment, server=server)
    try:
        yield shop
    finally:
        shop.process.stop()
        engine.dispose()


@contextmanager
def running_beside(shop: Shop) -> Iterator[Shop]:
    """Run one more process of a shop, on the same database, with a port of its own."""
    environment = {**shop.environment, "PORT": str(free_port())}
    log = shop.process.log.with_name("beside.log")
    beside = replace(shop, process=_start_shop(environment, log, shop.server), environment=environment)
    try:
        yield beside
    finally:
        beside.process.stop()


def _start_shop(environment: Mapping[str, str], log: Path, server: str) -> Process:
    url = f"http://127.0.0.1:{environment['PORT']}"
    return start([server], url=url, ready="/api/products", log=log, environment=environment)
