"""What webhooks say of disputes, and what the shop says of them."""

from typing import Any

DISPUTED = "The buyer's bank disputes this payment."
SENTENCES = {
    "created": DISPUTED,
    "under_review": "The bank is looking at what the shop sent about the disputed payment.",
    "action_required": "The bank wants to know more about the disputed payment.",
    "won": "The bank decided the dispute about this payment for the shop.",
    "lost": "The bank decided the dispute about this payment for the buyer.",
    "closed": "The dispute about this payment is closed.",
}
"""What is said of each stage, to somebody else than the buyer."""


def dispute_about(payment_id: str, **changes: object) -> dict[str, Any]:
    """Describe a dispute about a payment as a webhook does; what is changed to `...` is left out."""
    whole: dict[str, Any] = {
        "id": "disp_AAAAAAAAAAAAAA",
        "entity": "dispute",
        "payment_id": payment_id,
        "amount": 47900,
        "currency": "INR",
        "phase": "chargeback",
        "respond_by": 1_800_000_000,
        "reason_code": "goods_not_received",
        "status": "open",
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}
