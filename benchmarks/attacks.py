"""What strangers ask a shop for who mean it harm, over HTTP; each attack strikes once and says how it was answered."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import jwt
from aiohttp import ClientSession

from benchmarks import shelf
from benchmarks.tabs import ORIGIN

_VICTIM = "victim@example.in"
_LONGEST_ANSWER = 20.0
_ODD = (
    "GET /%00",
    "GET /%2e%2e/%2e%2e/etc/passwd",
    "GET //elsewhere.example/%0d%0aSet-Cookie:%20a=b",
    f"GET /{'a' * 6000}",
    "GET /api/products/%ff%fe%0a",
    "GET /api/orders?cursor=%00&limit=99999999999999999999",
    "GET /api/auth/..;/merchant/audit",
    "GET /.env",
    "POST /",
    "TRACE /",
    "PROPFIND /api/orders",
    "DELETE /api/products/cups-7",
    "OPTIONS *",
    "CONNECT shop.example:443",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A shop as who attacks it sees it, and an order that a guest of theirs has made."""

    url: str
    session: ClientSession
    token: str = ""
    razorpay_order_id: str = ""


async def prepare(target: Target, address: str) -> Target:
    """Have an account to break into, and an order to get for nothing."""
    await say(target, address, "POST", "/api/auth/register", {**_somebody(), "email": _VICTIM})
    token = await _guest(target, address)
    order = {"product_id": shelf.id_of(1)}
    headers = {"X-Forwarded-For": address, "Authorization": f"Bearer {token}"}
    async with target.session.post(f"{target.url}/api/checkout/order", json=order, headers=headers) as answer:
        answer.raise_for_status()
        return Target(target.url, target.session, token, (await answer.json())["razorpay_order_id"])


async def guess_password(target: Target, address: str) -> str:
    """Try a password, of an account that is there or of one that may be."""
    email = secrets.choice((_VICTIM, f"{secrets.token_hex(2)}@example.in"))
    return await say(target, address, "POST", "/api/auth/login", {"email": email, "password": secrets.token_hex(5)})


async def guess_code(target: Target, address: str) -> str:
    """Have a code mailed to somebody else, and try one."""
    await say(target, address, "POST", "/api/auth/code", {"email": _VICTIM})
    guess = {"email": _VICTIM, "code": f"{secrets.randbelow(10**6):06}"}
    return await say(target, address, "POST", "/api/auth/enter-code", guess)


async def sign_up(target: Target, address: str) -> str:
    """Make one more account."""
    return await say(target, address, "POST", "/api/auth/register", _somebody())


async def grab(target: Target, address: str) -> str:
    """Order as much as one may, as a guest who never pays."""
    token = await _guest(target, address)
    if not token:
        return "no guest"
    order = {"product_id": shelf.id_of(1 + secrets.randbelow(shelf.NUMBER)), "quantity": 10}
    return await say(target, address, "POST", "/api/checkout/order", order, Authorization=f"Bearer {token}")


async def forge_token(target: Target, address: str) -> str:
    """Come with a sign-in that nobody was given."""
    claims = {"sub": secrets.token_hex(13), "sid": secrets.token_hex(13), "role": "owner", "exp": 2**31}
    header, _, signature = target.token.split(".")
    forged = (
        jwt.encode(claims, "x" * 32),
        jwt.encode(claims, None, algorithm="none"),
        ".".join([header, jwt.encode(claims, "x" * 32).split(".")[1], signature]),
        secrets.token_urlsafe(3000),
    )
    path = secrets.choice(("/api/orders", "/api/merchant/audit", "/api/auth/sessions"))
    return await say(target, address, "GET", path, Authorization=f"Bearer {secrets.choice(forged)}")


async def forge_webhook(target: Target, address: str) -> str:
    """Say as the gateway that the order was paid."""
    entity = {"id": f"pay_{secrets.token_hex(7)}", "order_id": target.razorpay_order_id, "status": "captured"}
    paid = {"event": "payment.captured", "payload": {"payment": {"entity": entity}}}
    body = secrets.choice((json.dumps(paid).encode(), b"[" * 100_000, secrets.token_bytes(2000)))
    headers = {"X-Razorpay-Signature": secrets.token_hex(32), "X-Razorpay-Event-Id": secrets.token_hex(7)}
    return await say(target, address, "POST", "/api/webhooks/razorpay", body, **headers)


async def forge_payment(target: Target, address: str) -> str:
    """Say as the payment window that the order was paid."""
    handed_over = {
        "razorpay_order_id": target.razorpay_order_id,
        "razorpay_payment_id": f"pay_{secrets.token_hex(7)}",
        "razorpay_signature": secrets.token_hex(32),
    }
    headers = {"Authorization": f"Bearer {target.token}"}
    return await say(target, address, "POST", "/api/checkout/payment", handed_over, **headers)


async def ask_oddly(target: Target, address: str) -> str:
    """Ask for what no page asks for, in ways that no library would spell out."""
    agent = secrets.token_hex(1000)
    head = f"{secrets.choice(_ODD)} HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: {address}\r\nUser-Agent: {agent}"
    place = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(f"{head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        async with asyncio.timeout(_LONGEST_ANSWER):
            return status_of(await reader.readline())
    finally:
        writer.close()


def status_of(line: bytes) -> str:
    """Return the status in the first line of an answer."""
    return line[9:12].decode() or "hung up"


async def say(
    target: Target, address: str, method: str, path: str, body: Mapping[str, Any] | bytes | None = None, **headers: str
) -> str:
    """Ask the shop for something; returns the status of its answer."""
    sent = {"X-Forwarded-For": address, "Origin": ORIGIN, "Content-Type": "application/json", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    async with target.session.request(method, target.url + path, data=content, headers=sent) as answer:
        await answer.read()
        return str(answer.status)


async def _guest(target: Target, address: str) -> str:
    """Come as a guest; returns their token, or nothing."""
    headers = {"X-Forwarded-For": address}
    guest = {"email": f"{secrets.token_hex(6)}@example.in"}
    async with target.session.post(f"{target.url}/api/auth/guest", json=guest, headers=headers) as answer:
        return str((await answer.json())["access_token"]) if answer.status == HTTPStatus.CREATED else ""


def _somebody() -> dict[str, str]:
    return {"email": f"{secrets.token_hex(6)}@example.in", "password": secrets.token_hex(8), "name": "Nobody"}
