"""Webhook events: written in the same transaction as the change they tell of, so that none is lost or invented."""

from typing import Any, Final

from razorpay_sandbox.core import ids
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record, compact
from razorpay_sandbox.webhooks import deliveries

NAMES: Final = (
    "payment.authorized",
    "payment.captured",
    "payment.failed",
    "order.paid",
    "refund.created",
    "refund.processed",
    "refund.failed",
    "refund.speed_changed",
    "settlement.processed",
    "payment.dispute.created",
    "payment.dispute.under_review",
    "payment.dispute.action_required",
    "payment.dispute.won",
    "payment.dispute.lost",
    "payment.dispute.closed",
    "payment.downtime.started",
    "payment.downtime.resolved",
)


def _payment(payment: Record, name: str) -> Entity:
    """Describe a payment as webhooks do: with its card, and a few fields the API keeps back."""
    entity = {**payment.entity, "emi_plan": None, "reward": None}
    if payment.hidden.get("card"):
        entity["card"] = payment.hidden["card"]
    if name != "order.paid":
        entity["base_amount"] = payment.entity["amount"]
    if name.startswith("refund."):
        entity["amount_transferred"] = 0
    return entity


def emit(gateway: Gateway, account: str, name: str, payload: dict[str, Entity]) -> None:
    """Record an event and owe a delivery to every endpoint subscribed to it. Call inside a transaction."""
    now = gateway.clock.precise()
    event_id = ids.bare(now)
    envelope: dict[str, Any] = {
        "entity": "event",
        "account_id": ids.derived("acc", account),
        "event": name,
        "contains": list(payload),
        "payload": {kind: {"entity": entity} for kind, entity in payload.items()},
        "created_at": int(now),
    }
    gateway.store.rows(
        "INSERT INTO events (id, account, name, created_at, body) VALUES (?, ?, ?, ?, ?)",
        event_id,
        account,
        name,
        int(now),
        compact(envelope),
    )
    deliveries.owe(gateway, account, name, event_id)


def of_payment(gateway: Gateway, name: str, payment: Record) -> None:
    """Tell of a payment."""
    emit(gateway, payment.account, name, {"payment": _payment(payment, name)})


def of_paid_order(gateway: Gateway, payment: Record, order: Record) -> None:
    """Tell that an order is fully paid, with the payment that did it."""
    shown = {**order.entity, "description": None, "checkout": None}
    emit(gateway, order.account, "order.paid", {"payment": _payment(payment, "order.paid"), "order": shown})


def of_refund(gateway: Gateway, name: str, refund: Record, payment: Record) -> None:
    """Tell of a refund, with the payment it belongs to."""
    emit(gateway, refund.account, name, {"refund": refund.entity, "payment": _payment(payment, name)})


def of_dispute(gateway: Gateway, name: str, dispute: Record, payment: Record) -> None:
    """Tell of a dispute, with the payment it is about."""
    emit(gateway, dispute.account, name, {"payment": _payment(payment, name), "dispute": dispute.entity})
