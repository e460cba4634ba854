"""Money on its way back to the buyer: issuing refunds and letting them end."""

import secrets
from typing import Any

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record
from razorpay_sandbox.webhooks import events

_REFERENCES = {"card": "arn", "upi": "rrn"}


def issue(
    gateway: Gateway,
    payment: Record,
    amount: int,
    *,
    speed: str = "normal",
    notes: Any = None,
    receipt: str | None = None,
    certain: bool = False,
) -> Record:
    """Refund a part of a payment and tell of it. Call inside a transaction, after all checks.

    A normal refund is processed at once. An instant one, or one that is ordered to fail, is pending first. A
    ``certain`` refund ignores the ordered outcome; it is how uncaptured money returns.
    """
    ordered = "processed" if certain else gateway.settings.refunds
    pending = speed == "optimum" or ordered != "processed"
    now = gateway.clock.now()
    entity: Entity = {
        "id": gateway.new_id("refund"),
        "entity": "refund",
        "amount": amount,
        "currency": payment.entity["currency"],
        "payment_id": payment.id,
        "notes": notes or [],
        "receipt": receipt,
        "acquirer_data": {_REFERENCES.get(payment.entity["method"], "utr"): None},
        "created_at": now,
        "batch_id": None,
        "status": "pending" if pending else "processed",
        "speed_processed": "instant" if speed == "optimum" else "normal",
        "speed_requested": speed,
    }
    refund = Record("refund", payment.account, entity, parent=payment.id, receipt=receipt, hidden={"ends": ordered})
    if pending and ordered != "pending":
        refund.due_at = now + gateway.settings.refund_delay
    gateway.store.insert(refund)
    _change_total(gateway, payment, amount)
    events.of_refund(gateway, "refund.created", refund, payment)
    if not pending:
        events.of_refund(gateway, "refund.processed", refund, payment)
    return refund


def _change_total(gateway: Gateway, payment: Record, amount: int) -> None:
    entity = payment.entity
    entity["amount_refunded"] += amount
    full = entity["amount_refunded"] == entity["amount"]
    entity["refund_status"] = "full" if full else ("partial" if entity["amount_refunded"] else None)
    entity["status"] = "refunded" if full else "captured"
    payment.due_at = None
    gateway.store.save(payment)


def conclude(gateway: Gateway, refund: Record) -> None:
    """Let a pending refund end the way it was ordered to. Call inside a transaction."""
    payment = gateway.store.get("payment", refund.entity["payment_id"])
    if payment is None or refund.entity["status"] != "pending":
        return
    refund.due_at = None
    if refund.hidden["ends"] == "failed":
        refund.entity["status"] = "failed"
        refund.entity["speed_processed"] = None
        _change_total(gateway, payment, -refund.entity["amount"])
    else:
        refund.entity["status"] = "processed"
        reference = next(iter(refund.entity["acquirer_data"]))
        refund.entity["acquirer_data"][reference] = str(10**11 + secrets.randbelow(9 * 10**11))
    gateway.store.save(refund)
    events.of_refund(gateway, f"refund.{refund.entity['status']}", refund, payment)
