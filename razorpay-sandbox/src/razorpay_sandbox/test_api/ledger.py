"""The ledger: every order, payment and refund with its totals, to compare with somebody else's books."""

from collections import defaultdict
from typing import Any

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record


def _entities(gateway: Gateway, kind: str) -> list[Record]:
    return gateway.store.everything(kind)


def _totals(payments: list[Record], refunds: list[Record]) -> dict[str, dict[str, int]]:
    """Sum up by currency: what was captured, what awaits capture, what went back, what remains."""
    totals: dict[str, dict[str, int]] = defaultdict(
        lambda: {"authorized": 0, "captured": 0, "refunded": 0, "refunded_uncaptured": 0, "fees": 0, "net": 0}
    )
    captured = set()
    for payment in payments:
        entity, total = payment.entity, totals[payment.entity["currency"]]
        if entity["status"] == "authorized":
            total["authorized"] += entity["amount"]
        if entity["captured"]:
            captured.add(payment.id)
            total["captured"] += entity["amount"]
            total["fees"] += entity["fee"]
    for refund in refunds:
        if refund.entity["status"] != "failed":
            kind = "refunded" if refund.entity["payment_id"] in captured else "refunded_uncaptured"
            totals[refund.entity["currency"]][kind] += refund.entity["amount"]
    for total in totals.values():
        total["net"] = total["captured"] - total["refunded"]
    return dict(totals)


def write(gateway: Gateway, _body: dict[str, Any]) -> Entity:
    """Write the ledger: ``orders``, ``payments`` and ``refunds``, oldest first, and ``totals``.

    ``totals`` are those of INR; ``currencies`` has them for every currency. ``net`` is captured less refunded;
    ``refunded_uncaptured`` is money that went back without ever having been captured.
    """
    with gateway.store.transaction():
        orders, payments, refunds = (_entities(gateway, kind) for kind in ("order", "payment", "refund"))
    currencies = _totals(payments, refunds)
    nothing = dict.fromkeys(("authorized", "captured", "refunded", "refunded_uncaptured", "fees", "net"), 0)
    return {
        "orders": [{**each.entity, "key_id": each.account} for each in orders],
        "payments": [{**each.entity, "key_id": each.account} for each in payments],
        "refunds": [{**each.entity, "key_id": each.account} for each in refunds],
        "totals": currencies.get("INR", nothing),
        "currencies": currencies,
    }
