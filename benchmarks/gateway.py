"""A gateway that costs next to nothing: what the shop and what it is compared with take their payments from.

Run as `python -m benchmarks.gateway PORT [MILLISECONDS]`, the latter being how late it answers. It remembers what each
order is to cost, and has for each one payment, captured, whose id ends in the order's own fourteen characters. It lists
a payment only once that was asked for by its id: otherwise whoever reconciles would find every order paid. It sends no
webhooks.
"""

import asyncio
import json
import secrets
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

from benchmarks.wire import first_message

KEY_ID = "rzp_test_Benchmark00001"
KEY_SECRET = "benchsecret"  # noqa: S105 - opens nothing: every key does
ORDER_PREFIX = "order_"
PAYMENT_PREFIX = "pay_"
LONGEST_PAGE = 100
_ALWAYS_EMPTY = {"/v1/orders", "/v1/refunds", "/v1/payments/downtimes"}
_UNKNOWN = {"error": {"code": "BAD_REQUEST_ERROR", "description": "The id provided does not exist"}}

Answer = tuple[int, dict[str, Any]]


class Ledger:
    """What the gateway knows: the orders made, and the payments that somebody has asked for, in that order."""

    def __init__(self) -> None:
        self._orders: dict[str, dict[str, Any]] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._told_at: list[int] = []
        self._in_turn: list[dict[str, Any]] = []

    def create(self, wanted: dict[str, Any]) -> Answer:
        """Make an order."""
        order = {
            "id": ORDER_PREFIX + secrets.token_hex(7),
            "entity": "order",
            "amount": wanted["amount"],
            "amount_paid": 0,
            "amount_due": wanted["amount"],
            "currency": wanted["currency"],
            "receipt": wanted.get("receipt"),
            "status": "created",
            "attempts": 0,
            "notes": wanted.get("notes", {}),
            "created_at": int(time.time()),
        }
        self._orders[order["id"]] = order
        return HTTPStatus.OK, order

    def payment(self, payment_id: str) -> Answer:
        """Tell of a payment by its id; from now on it is listed."""
        if payment_id in self._told:
            return HTTPStatus.OK, self._told[payment_id]
        order = self._orders.get(ORDER_PREFIX + payment_id.removeprefix(PAYMENT_PREFIX))
        if order is None:
            return HTTPStatus.BAD_REQUEST, _UNKNOWN
        payment = self._told[payment_id] = _payment(payment_id, order)
        self._told_at.append(payment["created_at"])
        self._in_turn.append(payment)
        return HTTPStatus.OK, payment

    def payments_of(self, order_id: str) -> Answer:
        """List what was paid for an order."""
        told = self._told.get(PAYMENT_PREFIX + order_id.removeprefix(ORDER_PREFIX))
        return _listed([told] if told else [])

    def payments(self, query: dict[str, list[str]]) -> Answer:
        """List a page of payments, newest first, between two moments in unix seconds."""
        [since], [until] = query.get("from", ["0"]), query.get("to", [str(2**40)])
        [count], [skip] = query.get("count", ["10"]), query.get("skip", ["0"])
        first, end = bisect_left(self._told_at, int(since)), bisect_right(self._told_at, int(until)) - int(skip)
        begin = max(first, end - min(int(count), LONGEST_PAGE))
        return _listed(reversed(self._in_turn[begin : max(begin, end)]))


def _payment(payment_id: str, order: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": payment_id,
        "entity": "payment",
        "amount": order["amount"],
        "currency": order["currency"],
        "status": "captured",
        "order_id": order["id"],
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "captured": True,
        "card_id": None,
        "bank": None,
        "wallet": None,
        "vpa": "success@razorpay",
        "email": "asha@example.in",
        "contact": "+919000090000",
        "notes": order["notes"],
        "fee": order["amount"] // 50,
        "tax": 0,
        "error_code": None,
        "error_description": None,
        "error_source": None,
        "error_step": None,
        "error_reason": None,
        "acquirer_data": {"rrn": "518157940107"},
        "created_at": int(time.time()),
    }


def _listed(items: Iterable[dict[str, Any]]) -> Answer:
    found = list(items)
    return HTTPStatus.OK, {"entity": "collection", "count": len(found), "items": found}


def answer(ledger: Ledger, method: str, target: str, body: bytes) -> Answer:
    """Answer one request."""
    path, _, query = target.partition("?")
    parts = path.split("/")[2:]
    match method, parts:
        case "POST", ["orders"]:
            return ledger.create(json.loads(body))
        case "GET", ["payments"]:
            return ledger.payments(parse_qs(query))
        case "GET", _ if path in _ALWAYS_EMPTY:
            return _listed([])
        case "GET", ["payments", payment_id]:
            return ledger.payment(payment_id)
        case "GET", ["orders", order_id, "payments"]:
            return ledger.payments_of(order_id)
        case _:
            return HTTPStatus.NOT_FOUND, {"error": {"description": f"{method} {path} is not part of this gateway"}}


class Counter(asyncio.Protocol):
    """One connection of somebody who asks; `late` is in seconds."""

    def __init__(self, ledger: Ledger, late: float) -> None:
        self._ledger = ledger
        self._late = late
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is all there."""
        self._received += data
        while (message := first_message(self._received)) is not None:
            self._received = self._received[message.size :]
            method, target, _ = message.head.split(b"\r\n", 1)[0].decode().split(" ")
            status, body = answer(self._ledger, method, target, message.body)
            if self._late:
                asyncio.get_running_loop().call_later(self._late, self._reply, status, body)
            else:
                self._reply(status, body)

    def _reply(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)


async def serve(port: int, late: float) -> None:
    """Answer on a port of this machine until told to stop."""
    ledger, loop = Ledger(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Counter(ledger, late), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float((*sys.argv, "0")[2]) / 1000))
