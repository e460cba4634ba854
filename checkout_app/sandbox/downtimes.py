"""Downtimes: a bank, network or app that has trouble, announced to merchants."""

from typing import Any

from checkout_app.sandbox import events, listing
from checkout_app.sandbox.calls import Call
from checkout_app.sandbox.errors import invalid
from checkout_app.sandbox.gateway import Gateway
from checkout_app.sandbox.store import Entity, Record


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


def listed(call: Call) -> Entity:
    """Answer the downtimes of now, newest first."""
    current = [each.entity for each in call.gateway.store.newest("downtime", "") if not each.entity["end"]]
    return listing.collection(current)


def fetch(call: Call) -> Entity:
    """Answer one downtime."""
    return call.gateway.find("downtime", call.ids[0], "").entity
