"""Settling: what was captured, less fees and refunds, leaves for the merchant's bank."""

import secrets

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record
from razorpay_sandbox.webhooks import events


def _waiting(gateway: Gateway, account: str, delay: int) -> list[Record]:
    until = gateway.clock.now() - delay
    found = [
        each
        for each in gateway.store.newest("payment", account)
        if each.entity["captured"] and each.hidden["captured_at"] <= until
    ]
    captured = {each.id for each in found}
    found += [
        each
        for each in gateway.store.newest("refund", account)
        if each.entity["status"] == "processed" and each.entity["payment_id"] in captured
    ]
    return [each for each in found if "settlement_id" not in each.hidden]


def net(record: Record) -> int:
    """Return what a payment brings or a refund takes."""
    amount: int = record.entity["amount"]
    return amount - record.entity["fee"] if record.kind == "payment" else -amount


def settle(gateway: Gateway, account: str, delay: int) -> Entity | None:
    """Settle what was captured ``delay`` seconds ago or earlier; nothing while refunds outweigh it."""
    with gateway.store.transaction():
        items = _waiting(gateway, account, delay)
        total = sum(map(net, items))
        if total <= 0:
            return None
        now = gateway.clock.now()
        payments = [each for each in items if each.kind == "payment"]
        entity: Entity = {
            "id": gateway.new_id("settlement"),
            "entity": "settlement",
            "amount": total,
            "status": "processed",
            "fees": sum(each.entity["fee"] for each in payments),
            "tax": sum(each.entity["tax"] for each in payments),
            "utr": f"{now}{secrets.token_hex(3)}",
            "created_at": now,
        }
        gateway.store.insert(Record("settlement", account, entity))
        for each in items:
            each.hidden["settlement_id"] = entity["id"]
            gateway.store.save(each)
        events.emit(gateway, account, "settlement.processed", {"settlement": entity})
    gateway.wake()
    return entity
