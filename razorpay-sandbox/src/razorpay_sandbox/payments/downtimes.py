"""Downtimes: a bank, network or app that has trouble, announced to merchants."""

from typing import Any

from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record
from razorpay_sandbox.webhooks import events


def _tell(gateway: Gateway, downtime: Record) -> None:
    """Tell every account; downtimes are nobody's own."""
    name = f"payment.downtime.{downtime.entity['status']}"
    for pair in gateway.config.keys:
        events.emit(gateway, pair.id, name, {"payment.downtime": downtime.entity})


def start(gateway: Gateway, body: dict[str, Any]) -> Entity:
    """Begin a downtime: ``{method, instrument?, severity?}``."""
    method = body.get("method")
    severity = body.get("severity", "high")
    instrument = body.get("instrument") or {}
    if method not in ("card", "netbanking", "upi", "wallet") or severity not in ("high", "medium", "low"):
        raise invalid("A downtime has a method and a severity of high, medium or low.", "method")
    if not isinstance(instrument, dict):
        raise invalid("The instrument is an object such as {'issuer': 'SBIN'}.", "instrument")
    now = gateway.clock.now()
    entity: Entity = {
        "id": gateway.new_id("downtime"),
        "entity": "payment.downtime",
        "method": method,
        "begin": now,
        "end": None,
        "status": "started",
        "scheduled": False,
        "severity": severity,
        "instrument": instrument,
        "instrument_schema": list(instrument),
        "created_at": now,
        "updated_at": now,
    }
    with gateway.store.transaction():
        downtime = gateway.store.insert(Record("downtime", "", entity))
        _tell(gateway, downtime)
    gateway.wake()
    return entity


def resolve(gateway: Gateway, downtime_id: str) -> Entity:
    """End a downtime."""
    with gateway.store.transaction():
        downtime = gateway.find("downtime", downtime_id, "")
        now = gateway.clock.now()
        downtime.entity.update(status="resolved", end=now, updated_at=now)
        gateway.store.save(downtime)
        _tell(gateway, downtime)
    gateway.wake()
    return downtime.entity
