"""Fields of test calls: known ones only, texts, and the entity an id names."""

from typing import Any

from razorpay_sandbox.core.errors import invalid, required, unknown_id
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record

Body = dict[str, Any]


def text(body: Body, name: str) -> str | None:
    """Read an optional text."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(f"The {name} must be a string.", name)
    return value


def named(gateway: Gateway, kind: str, body: Body) -> Record:
    """Find the entity that ``order_id``, ``payment_id``, ``refund_id`` or ``dispute_id`` names, whoever's it is."""
    field = f"{kind}_id"
    if not isinstance(body.get(field), str):
        raise required(field)
    record = gateway.store.get(kind, body[field])
    if record is None:
        raise unknown_id()
    return record
