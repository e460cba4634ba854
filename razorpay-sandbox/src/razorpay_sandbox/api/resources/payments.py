"""Payments as the merchant's server sees them: read, capture, annotate."""

from typing import Any, Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import Call
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import GatewayError, invalid, unknown_id
from razorpay_sandbox.payments import lifecycle, pricing
from razorpay_sandbox.state.store import Entity, Record

_EXPANSIONS: Final = ("card", "emi", "transaction", "refunds", "offers", "token", "transaction.settlement")


def _expanded(call: Call, record: Record) -> Entity:
    wanted = listing.expansions(call)
    if not wanted <= {*_EXPANSIONS, "upi"}:
        raise invalid(f"Value of each expand must be one of following types: {', '.join(_EXPANSIONS)} .", "expand")
    entity = record.entity
    if "card" in wanted and record.hidden.get("card"):
        entity["card"] = record.hidden["card"]
    if "refunds" in wanted:
        entity["refunds"] = listing.collection([each.entity for each in _refunds(call, record)])
    if "offers" in wanted:
        entity["offers"] = listing.collection([])
    if "emi" in wanted:
        entity["emi"] = None
    if "token" in wanted:
        entity["token"] = None
    if wanted & {"transaction", "transaction.settlement"}:
        entity["transaction"] = _transaction(call, record, with_settlement="transaction.settlement" in wanted)
    return entity


def _refunds(call: Call, record: Record) -> list[Record]:
    return call.gateway.store.children("refund", record.id)


def _transaction(call: Call, record: Record, *, with_settlement: bool) -> dict[str, Any] | None:
    settlement_id = record.hidden.get("settlement_id")
    if record.entity["fee"] is None:
        return None
    transaction: dict[str, Any] = {"settlement_id": settlement_id}
    if with_settlement:
        settlement = call.gateway.store.get("settlement", settlement_id) if settlement_id else None
        transaction["settlement"] = settlement.entity if settlement else None
    return transaction


def fetch(call: Call) -> Entity:
    """Answer one payment."""
    return _expanded(call, call.gateway.find("payment", call.ids[0], call.account))


def listed(call: Call) -> Entity:
    """Answer an account's payments, newest first."""
    window = listing.window(call)
    found = call.gateway.store.newest("payment", call.account, window.since, window.until)
    return listing.collection([_expanded(call, each) for each in window.cut(found)])


def card(call: Call) -> Entity:
    """Answer the card a payment was made with."""
    payment = call.gateway.find("payment", call.ids[0], call.account)
    details: Entity | None = payment.hidden.get("card")
    if details is None:
        raise GatewayError("Payment was not done using card")
    return details


def edit(call: Call) -> Entity:
    """Replace a payment's notes."""
    with call.gateway.store.transaction():
        payment = call.gateway.find("payment", call.ids[0], call.account)
        payment.entity["notes"] = validation.only_notes(call.body)
        call.gateway.store.save(payment)
    return payment.entity


def capture(call: Call) -> Entity:
    """Capture an authorised payment, in full. Only one of several parallel calls succeeds."""
    gateway, body = call.gateway, call.body
    with gateway.store.transaction():
        payment = gateway.find("payment", call.ids[0], call.account)
        amount = validation.digits(body, "amount")
        entity = payment.entity
        if entity["captured"]:
            raise invalid("This payment has already been captured", step="payment_capture")
        if entity["status"] != "authorized":
            raise invalid(
                "Only payments which have been authorized and not yet captured can be captured",
                step="payment_capture",
            )
        if body.get("currency") not in (None, "", entity["currency"]):
            raise invalid("Capture request currency must be same as payment currency.", "currency")
        if amount != entity["amount"]:
            raise invalid("Capture amount must be equal to the amount authorized", "amount", step="payment_capture")
        order = gateway.store.get("order", payment.parent) if payment.parent else None
        if order and pricing.toward_order(payment) > order.entity["amount_due"]:
            raise invalid("Payment amount is greater than the amount due for order.", "amount", step="payment_capture")
        lifecycle.capture(gateway, payment)
    gateway.wake()
    return entity


def refunds(call: Call) -> Entity:
    """Answer the refunds of a payment, newest first."""
    payment = call.gateway.find("payment", call.ids[0], call.account)
    window = listing.window(call)
    found = (
        each for each in reversed(_refunds(call, payment)) if window.since <= each.entity["created_at"] <= window.until
    )
    return listing.collection([each.entity for each in window.cut(found)])


def refund(call: Call) -> Entity:
    """Answer one refund of a payment."""
    payment = call.gateway.find("payment", call.ids[0], call.account)
    found = call.gateway.find("refund", call.ids[1], call.account)
    if found.parent != payment.id:
        raise unknown_id()
    return found.entity
