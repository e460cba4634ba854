"""Payments as the merchant's server sees them: read, capture, annotate."""

from typing import Any, Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import GatewayError, invalid, unknown_id
from razorpay_sandbox.payments import lifecycle, pricing
from razorpay_sandbox.state.store import Entity, Record

_EXPANSIONS: Final = ("card", "emi", "transaction", "refunds", "offers", "token", "transaction.settlement")


def _expanded(request: ApiRequest, record: Record) -> Entity:
    wanted = listing.expansions(request)
    if not wanted <= {*_EXPANSIONS, "upi"}:
        raise invalid(f"Value of each expand must be one of following types: {', '.join(_EXPANSIONS)} .", "expand")
    entity = record.entity
    if "card" in wanted and record.hidden.get("card"):
        entity["card"] = record.hidden["card"]
    if "refunds" in wanted:
        entity["refunds"] = listing.collection([each.entity for each in _refunds(request, record)])
    if "offers" in wanted:
        entity["offers"] = listing.collection([])
    if "emi" in wanted:
        entity["emi"] = None
    if "token" in wanted:
        entity["token"] = None
    if wanted & {"transaction", "transaction.settlement"}:
        entity["transaction"] = _transaction(request, record, with_settlement="transaction.settlement" in wanted)
    return entity


def _refunds(request: ApiRequest, record: Record) -> list[Record]:
    return request.gateway.store.children("refund", record.id)


def _transaction(request: ApiRequest, record: Record, *, with_settlement: bool) -> dict[str, Any] | None:
    settlement_id = record.hidden.get("settlement_id")
    if record.entity["fee"] is None:
        return None
    transaction: dict[str, Any] = {"settlement_id": settlement_id}
    if with_settlement:
        settlement = request.gateway.store.get("settlement", settlement_id) if settlement_id else None
        transaction["settlement"] = settlement.entity if settlement else None
    return transaction


def fetch(request: ApiRequest) -> Entity:
    """Answer one payment."""
    return _expanded(request, request.gateway.find("payment", request.ids[0], request.account))


def listed(request: ApiRequest) -> Entity:
    """Answer an account's payments, newest first."""
    window = listing.window(request)
    found = request.gateway.store.newest("payment", request.account, window.since, window.until)
    return listing.collection([_expanded(request, each) for each in window.cut(found)])


def card(request: ApiRequest) -> Entity:
    """Answer the card a payment was made with."""
    payment = request.gateway.find("payment", request.ids[0], request.account)
    details: Entity | None = payment.hidden.get("card")
    if details is None:
        raise GatewayError("Payment was not done using card")
    return details


def edit(request: ApiRequest) -> Entity:
    """Replace a payment's notes."""
    with request.gateway.store.transaction():
        payment = request.gateway.find("payment", request.ids[0], request.account)
        payment.entity["notes"] = validation.only_notes(request.body)
        request.gateway.store.save(payment)
    return payment.entity


def capture(request: ApiRequest) -> Entity:
    """Capture an authorised payment, in full. Only one of several parallel calls succeeds."""
    gateway, body = request.gateway, request.body
    with gateway.store.transaction():
        payment = gateway.find("payment", request.ids[0], request.account)
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


def refunds(request: ApiRequest) -> Entity:
    """Answer the refunds of a payment, newest first."""
    payment = request.gateway.find("payment", request.ids[0], request.account)
    window = listing.window(request)
    found = (
        each
        for each in reversed(_refunds(request, payment))
        if window.since <= each.entity["created_at"] <= window.until
    )
    return listing.collection([each.entity for each in window.cut(found)])


def refund(request: ApiRequest) -> Entity:
    """Answer one refund of a payment."""
    payment = request.gateway.find("payment", request.ids[0], request.account)
    found = request.gateway.find("refund", request.ids[1], request.account)
    if found.parent != payment.id:
        raise unknown_id()
    return found.entity
