"""Webhooks as Razorpay sends them: a body, its signature, its event id."""

import hashlib
import hmac
import json
import secrets
import time
from typing import Any

import httpx

from tests.support.shops import WEBHOOK_SECRET, Shop

PATH = "/api/webhooks/razorpay"


def sign(body: bytes, secret: str = WEBHOOK_SECRET) -> str:
    """Sign the exact bytes that are sent."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def event(name: str, **entities: dict[str, Any]) -> bytes:
    """Write an event about some entities that happened now; no two calls write the same body."""
    payload = {kind: {"entity": entity} for kind, entity in entities.items()}
    body = {
        "entity": "event",
        "id": new_event_id(),  # Razorpay's have none: two about the same, of the same second, would be one
        "event": name,
        "contains": list(payload),
        "payload": payload,
        "created_at": int(time.time()),
    }
    return json.dumps(body, separators=(",", ":")).encode()


def new_event_id() -> str:
    """Make an event id like Razorpay's."""
    return secrets.token_hex(7)


def deliver(shop: Shop, body: bytes, *, event_id: str | None = None, secret: str = WEBHOOK_SECRET) -> httpx.Response:
    """Deliver a signed event."""
    headers = {"X-Razorpay-Signature": sign(body, secret), "X-Razorpay-Event-Id": event_id or new_event_id()}
    return httpx.post(shop.url + PATH, content=body, headers=headers, timeout=30)


def announce(shop: Shop, name: str, payment_id: str) -> httpx.Response:
    """Deliver an event about a payment as the gateway knows it now."""
    return deliver(shop, event(name, payment=shop.gateway.fetch(f"payments/{payment_id}")))
