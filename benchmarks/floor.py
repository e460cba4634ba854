"""The floor: what the shop's work on its tables and with its gateway costs in Python when nothing else is done.

Bare Starlette on asyncpg, over the tables that the shop's migrations make; `granian --interface asgi
benchmarks.floor:app` serves it. It checks tokens, their sessions and signatures, and leaves books that `check` finds
right. It does not check what it is given, words no refusals, counts no tries, logs nothing and does nothing in the
background: no shop gets below this on these tables, and much of what is above it is what makes it a shop.
"""

import hashlib
import hmac
import os
import secrets
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import jwt
from pydantic_core import from_json, to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks import floor_statements as statements
from benchmarks.buyers import ORDERS_ON_A_PAGE
from benchmarks.wire import Connection, request

_ISSUER = "checkout"
_SESSION = timedelta(days=14)
_CONNECTIONS = (10, 20)


class Gateway:
    """The gateway over connections that are kept."""

    def __init__(self, url: str, key_id: str, key_secret: str) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname or "", place.port or 80
        credentials = b64encode(f"{key_id}:{key_secret}".encode()).decode()
        self._headers = {"Host": place.netloc, "Authorization": f"Basic {credentials}"}
        self._free: list[Connection] = []

    async def ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        """Ask for something and return what the answer says."""
        connection = self._free.pop() if self._free else await Connection.open(self._host, self._port)
        _, body = await connection.ask(request(method, path, self._headers, to_json(content) if content else b""))
        self._free.append(connection)
        return from_json(body)


class Floor:
    """What the floor answers."""

    def __init__(self) -> None:
        self._key_id = os.environ["RAZORPAY_KEY_ID"]
        self._key_secret = os.environ["RAZORPAY_KEY_SECRET"]
        self._jwt_secret = os.environ["JWT_SECRET"]
        self._gateway = Gateway(os.environ["RAZORPAY_API_URL"], self._key_id, self._key_secret)
        self._pool: asyncpg.Pool

    @asynccontextmanager
    async def connected(self, _app: Starlette) -> AsyncIterator[None]:
        """Keep connections to the database for the length of a block."""
        least, most = _CONNECTIONS
        url = os.environ["DATABASE_URL"]
        async with asyncpg.create_pool(url, min_size=least, max_size=most, reset=_leave_as_it_is) as self._pool:
            yield

    async def enter(self, asked: Request) -> Response:
        """Let a guest in."""
        given, user_id, session_id, now = from_json(await asked.body()), _new_id(), _new_id(), _now()
        expires_at = now + _SESSION
        await self._pool.execute(statements.ENTER, now, user_id, given["email"], given["name"], session_id, expires_at)
        claims = {"iss": _ISSUER, "sub": user_id, "sid": session_id, "iat": now, "exp": expires_at}
        token = jwt.encode(claims, self._jwt_secret, algorithm="HS256")
        return _json({"access_token": token, "token_type": "bearer"}, HTTPStatus.CREATED)

    async def products(self, asked: Request) -> Response:
        """List what is on sale."""
        limit = int(asked.query_params.get("limit", "20"))
        rows = await self._pool.fetch(statements.PRODUCTS, limit + 1)
        return _json({"items": [dict(row) for row in rows[:limit]], "next_cursor": None})

    async def product(self, asked: Request) -> Response:
        """Show one product."""
        row = await self._pool.fetchrow(statements.PRODUCT, asked.path_params["name"])
        return _json(dict(row)) if row else Response(status_code=HTTPStatus.NOT_FOUND)

    async def orders(self, asked: Request) -> Response:
        """List somebody's newest orders."""
        user_id, session_id = self._claims(asked)
        rows = await self._pool.fetch(statements.ORDERS, session_id, user_id, _now(), ORDERS_ON_A_PAGE + 1)
        return _json({"items": [dict(row) for row in rows[:ORDERS_ON_A_PAGE]], "next_cursor": None})

    async def create(self, asked: Request) -> Response:
        """Make an order with its line, hold its unit, and open it at the gateway."""
        user_id, session_id = self._claims(asked)
        product, order_id, now = from_json(await asked.body())["product_id"], _new_id(), _now()
        digest, number = hashlib.sha256(product.encode()).hexdigest(), secrets.token_hex(6)
        row = await self._pool.fetchrow(
            statements.PLACE, now, order_id, session_id, user_id, product, number, digest, _new_id(), _new_id()
        )
        if row is None:
            return Response(status_code=HTTPStatus.CONFLICT)
        money = {"amount": row["amount"], "currency": row["currency"]}
        wanted = {**money, "receipt": order_id, "notes": {"order_id": order_id, "quote": digest}}
        theirs = await self._gateway.ask("POST", "/v1/orders", wanted)
        await self._pool.execute(statements.OPENED, _now(), theirs["id"], order_id, *money.values(), self._key_id)
        ids = {"razorpay_order_id": theirs["id"], "razorpay_key_id": self._key_id}
        made = {"order_id": order_id, "status": "created", **money, **ids, "expires_at": row["expires_at"]}
        return _json(made, HTTPStatus.CREATED)

    async def pay(self, asked: Request) -> Response:
        """Check a signature, read the payment from the gateway, and let it pay its order."""
        user_id, session_id = self._claims(asked)
        given = from_json(await asked.body())
        gateway_order_id, payment_id = given["razorpay_order_id"], given["razorpay_payment_id"]
        order_id = await self._pool.fetchval(statements.OWN_ORDER, gateway_order_id, session_id, user_id, _now())
        signed = hmac.new(self._key_secret.encode(), f"{gateway_order_id}|{payment_id}".encode(), hashlib.sha256)
        if order_id is None or not hmac.compare_digest(signed.hexdigest(), given["razorpay_signature"]):
            return Response(status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
        theirs = await self._gateway.ask("GET", f"/v1/payments/{payment_id}?expand[]=card")
        money, now = {"amount": theirs["amount"], "currency": theirs["currency"]}, _now()
        how = (theirs["method"], f"UPI · {theirs['vpa']}")
        told = to_json({"payment_id": payment_id, **money}).decode()
        paid = await self._pool.fetchval(
            statements.SETTLE, now, order_id, payment_id, gateway_order_id, *money.values(), *how, _new_id(), told
        )
        if paid is None or theirs["order_id"] != gateway_order_id:
            return Response(status_code=HTTPStatus.CONFLICT)
        ids = {"razorpay_order_id": gateway_order_id, "razorpay_payment_id": payment_id}
        return _json({"order_id": order_id, "status": "paid", **money, **ids, "paid_at": now}, HTTPStatus.CREATED)

    def _claims(self, asked: Request) -> tuple[str, str]:
        """Return whose token a request brings, and of which session."""
        token = asked.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, self._jwt_secret, algorithms=["HS256"], issuer=_ISSUER)
        return claims["sub"], claims["sid"]


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    """Return an id of 26 characters that sorts by time."""
    return f"{time.time_ns():016X}{secrets.token_hex(5)}"


def _json(content: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(to_json(content), status, media_type="application/json")


async def _leave_as_it_is(_connection: object) -> None:
    """Spare a connection that is given back the statements that would undo what nobody does to it here."""


def _build() -> Starlette:
    floor = Floor()
    return Starlette(
        routes=[
            Route("/api/auth/guest", floor.enter, methods=["POST"]),
            Route("/api/products", floor.products),
            Route("/api/products/{name}", floor.product),
            Route("/api/orders", floor.orders),
            Route("/api/checkout/order", floor.create, methods=["POST"]),
            Route("/api/checkout/payment", floor.pay, methods=["POST"]),
        ],
        lifespan=floor.connected,
    )


app = _build()
