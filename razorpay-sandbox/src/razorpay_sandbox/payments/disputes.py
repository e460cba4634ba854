"""Disputes: a buyer's bank wants a payment back, and decides in the end whose the money is."""

from typing import Final

from razorpay_sandbox.core.errors import GatewayError, invalid
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record
from razorpay_sandbox.webhooks import events

PHASES: Final = ("chargeback", "fraud", "retrieval", "pre_arbitration", "arbitration")
MOVES: Final = ("under_review", "action_required", "won", "lost", "closed")
_UNDECIDED: Final = ("open", "under_review")
_TIME_TO_RESPOND: Final = 3 * 86_400
_PROOFS: Final = (
    *("shipping_proof", "billing_proof", "cancellation_proof", "customer_communication", "proof_of_service"),
    *("explanation_letter", "refund_confirmation", "access_activity_log", "refund_cancellation_policy"),
    *("term_and_conditions", "others"),
)


def open_dispute(gateway: Gateway, payment: Record, reason: str, phase: str, respond_by: int | None) -> Entity:
    """Dispute what was not refunded of a captured payment. Call inside a transaction."""
    left: int = payment.entity["amount"] - payment.entity["amount_refunded"]
    if not payment.entity["captured"] or not left:
        raise invalid("A dispute is about a captured payment that was not refunded in full.", "payment_id")
    now = gateway.clock.now()
    entity: Entity = {
        "id": gateway.new_id("dispute"),
        "entity": "dispute",
        "payment_id": payment.id,
        "amount": left,
        "currency": payment.entity["currency"],
        "amount_deducted": 0,
        "reason_code": reason,
        "respond_by": now + _TIME_TO_RESPOND if respond_by is None else respond_by,
        "status": "open",
        "phase": phase,
        "created_at": now,
        "evidence": {"amount": left, "summary": None, **dict.fromkeys(_PROOFS), "submitted_at": None},
    }
    dispute = gateway.store.insert(Record("dispute", payment.account, entity, parent=payment.id))
    events.of_dispute(gateway, "payment.dispute.created", dispute, payment)
    return entity


def move(gateway: Gateway, dispute: Record, status: str) -> Entity:
    """Take a dispute a step further; one that asks for action is open again. Call inside a transaction."""
    entity = dispute.entity
    if entity["status"] not in _UNDECIDED:
        raise invalid(f"The dispute is {entity['status']} already.", "status")
    entity["status"] = "open" if status == "action_required" else status
    if status == "lost":
        entity["amount_deducted"] = entity["amount"]
    gateway.store.save(dispute)
    payment = gateway.store.get("payment", entity["payment_id"])
    if payment:
        events.of_dispute(gateway, f"payment.dispute.{status}", dispute, payment)
    return entity


def forbid_refund(gateway: Gateway, payment: Record) -> None:
    """Refuse to refund a payment whose dispute is not decided."""
    if any(each.entity["status"] in _UNDECIDED for each in gateway.store.children("dispute", payment.id)):
        raise GatewayError("A dispute about this payment is under investigation; it cannot be refunded.")
