"""Buyers who do the same again and again, each with a connection and a token of their own, once they are answered.

What they ask for is what the shop and those it is compared with have in common; a `Dialect` says what each calls it.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

from benchmarks.gateway import KEY_SECRET, ORDER_PREFIX, PAYMENT_PREFIX
from benchmarks.wire import Connection, request

ORDERS_ON_A_PAGE = 20
_UNPAID = f"{PAYMENT_PREFIX}00000000000000"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where a server has what buyers ask for, and what it calls the product in an order."""

    enter: str
    order: str
    payment: str
    product: str
    products: str
    orders: str
    product_field: str


class Unexpected(Exception):
    """A server answered something else than it has to."""


class Buyer:
    """Somebody with an account or a visit of their own."""

    def __init__(self, url: str, dialect: Dialect) -> None:
        self._place = urlsplit(url)
        self._connection = Connection()
        self._dialect = dialect
        self._headers = {"Host": self._place.netloc}
        self._products: list[Any] = []
        self._forged = b""
        self._steps: Mapping[str, Callable[[], Awaitable[object]]] = {
            "create": self.create,
            "pay": self.pay,
            "refused": self._be_refused,
            "products": lambda: self._look(dialect.products),
            "product": lambda: self._look(f"{dialect.product}/{secrets.choice(self._products)}"),
            "orders": lambda: self._look(dialect.orders),
        }

    @classmethod
    async def enter(cls, url: str, dialect: Dialect) -> Self:
        """Come to a server as somebody new, and look at what it sells."""
        buyer = cls(url, dialect)
        await buyer.connect()
        name = secrets.token_hex(8)
        account = {"email": f"{name}@example.in", "password": secrets.token_hex(8), "name": "Asha"}
        # A proxy in front of the shop would say so: everybody has an address, from which only so many come in a minute.
        address = ".".join(str(1 + secrets.randbelow(254)) for _ in range(4))
        buyer._headers["X-Forwarded-For"] = address
        token = (await buyer._send("POST", dialect.enter, HTTPStatus.CREATED, account))["access_token"]
        buyer._headers["Authorization"] = f"Bearer {token}"
        listed = await buyer._send("GET", dialect.products)
        buyer._products = [item["id"] for item in (listed["items"] if isinstance(listed, dict) else listed)]
        return buyer

    async def connect(self) -> None:
        """Open a new connection: one on which nothing was asked for a while may be closed at any moment."""
        self._connection.close()
        self._connection = await Connection.open(self._place.hostname or "", self._place.port or 80)

    async def prepare(self, scenario: str) -> Callable[[], Awaitable[object]]:
        """Do what has to be there before a scenario, and return what to do again and again."""
        if scenario == "orders":
            for _ in range(ORDERS_ON_A_PAGE):
                await self.create()
        if scenario == "refused":
            forged = _handed_over(await self.create(), _UNPAID) | {"razorpay_signature": secrets.token_hex(32)}
            self._forged = self._spell("POST", self._dialect.payment, forged)
        return self._steps[scenario]

    async def create(self) -> str:
        """Begin an order of some product; returns its id at the gateway."""
        wanted = {self._dialect.product_field: secrets.choice(self._products)}
        made = await self._send("POST", self._dialect.order, HTTPStatus.CREATED, wanted)
        return str(made["razorpay_order_id"])

    async def pay(self) -> None:
        """Begin an order and pay it."""
        order_id = await self.create()
        payment_id = PAYMENT_PREFIX + order_id.removeprefix(ORDER_PREFIX)
        info = _handed_over(order_id, payment_id)
        paid = await self._send("POST", self._dialect.payment, HTTPStatus.CREATED, info)
        if payment_id not in json.dumps(paid):
            raise Unexpected(f"an order that was paid by {payment_id} says {paid}")

    async def _be_refused(self) -> None:
        await self._expect(HTTPStatus.UNPROCESSABLE_ENTITY, self._forged)

    async def _look(self, path: str) -> None:
        await self._expect(HTTPStatus.OK, self._spell("GET", path, None))

    async def _send(
        self, method: str, path: str, status: HTTPStatus = HTTPStatus.OK, content: Mapping[str, Any] | None = None
    ) -> Any:
        return json.loads(await self._expect(status, self._spell(method, path, content)))

    def _spell(self, method: str, path: str, content: Mapping[str, Any] | None) -> bytes:
        return request(method, path, self._headers, json.dumps(content).encode() if content else b"")

    async def _expect(self, wanted: HTTPStatus, asked: bytes) -> bytes:
        status, body = await self._connection.ask(asked)
        if status != wanted:
            line = asked.partition(b"\r\n")[0].decode()
            raise Unexpected(f"{line}: {status} instead of {wanted.value}: {body[:300]!r}")
        return body


def _handed_over(order_id: str, payment_id: str) -> dict[str, str]:
    """Return what the payment window hands over after a success, signed by the gateway."""
    signed = hmac.new(KEY_SECRET.encode(), f"{order_id}|{payment_id}".encode(), hashlib.sha256)
    return {
        "razorpay_order_id": order_id,
        "razorpay_payment_id": payment_id,
        "razorpay_signature": signed.hexdigest(),
    }
