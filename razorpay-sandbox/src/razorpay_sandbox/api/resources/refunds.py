"""Refunds as the merchant's server asks for them; safe to repeat with an idempotency key."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import GatewayError, invalid, required
from razorpay_sandbox.payments import disputes, refund_processing
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

_KEY_HEADER: Final = "x-refund-idempotency"
_SHORTEST_KEY: Final = 10
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SIX_MONTHS: Final = 183 * 86_400


def _amount(payment: Record, body: dict[str, Any]) -> int:
    """Read how much is wanted back; all that is left when the body does not say."""
    entity = payment.entity
    left: int = entity["amount"] - entity["amount_refunded"]
    wanted = body.get("amount")
    if wanted is not None:
        wanted = validation.digits(body, "amount")
        if wanted == 0:
            raise invalid("Amount cannot be blank.", "amount")
        if wanted < 0:
            raise invalid("amount: must be no less than 0.", "amount")
    if not entity["captured"]:
        if entity["status"] == "authorized" and wanted is not None and wanted < entity["amount"]:
            raise invalid("Void is not supported for partial refunds.")
        raise invalid("The payment status should be captured for action to be taken")
    if not left:
        raise invalid("The payment has been fully refunded already")
    if wanted is None:
        return left
    validation.at_least_the_minimum(wanted, entity["currency"])
    if wanted > entity["amount"]:
        raise invalid("The refund amount provided is greater than amount captured", "amount")
    if wanted > left:
        raise invalid("The total refund amount is greater than the refund payment amount", "amount")
    return wanted


def _speed(body: dict[str, Any]) -> str:
    speed = body.get("speed")
    if speed is None or speed == "":
        return "normal"
    if speed not in ("normal", "optimum"):
        raise invalid("The selected speed is invalid.", "speed")
    return str(speed)


def _idempotency_key(request: ApiRequest) -> str | None:
    key = request.headers.get(_KEY_HEADER)
    if key is None:
        return None
    if len(key) < _SHORTEST_KEY:
        raise GatewayError(f"The idempotency key must be at least {_SHORTEST_KEY} characters long.")
    if not _KEY.fullmatch(key):
        raise GatewayError("The idempotency key must only contain alphanumeric characters, underscores, and hyphens")
    return key


@contextmanager
def _alone(gateway: Gateway, account: str, key: str | None) -> Iterator[None]:
    """Refuse a second request with the same key while the first is under way."""
    if key is None:
        yield
        return
    with gateway.refunds_guard:
        if (account, key) in gateway.refunds_under_way:
            raise GatewayError("Another request with the same idempotency key is still in progress.", status=409)
        gateway.refunds_under_way.add((account, key))
    try:
        yield
    finally:
        with gateway.refunds_guard:
            gateway.refunds_under_way.discard((account, key))


def _earlier(request: ApiRequest, key: str, fingerprint: str) -> Entity | None:
    rows = request.gateway.store.rows(
        "SELECT fingerprint, entity_id FROM idempotency WHERE account = ? AND key = ?", request.account, key
    )
    if not rows:
        return None
    if rows[0][0] != fingerprint:
        raise GatewayError("Different request with the same idempotency key has already been processed.", status=409)
    refund = request.gateway.store.get("refund", rows[0][1])
    return refund.entity if refund else None


def _refund(request: ApiRequest, payment_id: str) -> Entity:
    gateway, body = request.gateway, request.body
    key = _idempotency_key(request)
    asked = json.dumps([payment_id, body], sort_keys=True)
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    with _alone(gateway, request.account, key), gateway.store.transaction():
        payment = gateway.find("payment", payment_id, request.account)
        if key and (earlier := _earlier(request, key, fingerprint)):
            return earlier
        entity = _issue(request, payment).entity
        if key:
            gateway.store.rows(
                "INSERT INTO idempotency VALUES (?, ?, ?, ?)", request.account, key, fingerprint, entity["id"]
            )
    gateway.wake()
    return entity


def _issue(request: ApiRequest, payment: Record) -> Record:
    gateway, body = request.gateway, request.body
    amount = _amount(payment, body)
    speed = _speed(body)
    notes = validation.notes(body)
    receipt = validation.receipt(body)
    if gateway.clock.now() - payment.entity["created_at"] > _SIX_MONTHS:
        raise GatewayError(
            "Refund is not supported by the bank because the payment is more than 6 months old",
            source=None,
            step=None,
            reason=None,
        )
    if receipt and gateway.store.with_receipt("refund", request.account, receipt):
        raise invalid("Duplicate receipt found for this refund request.", "receipt")
    disputes.forbid_refund(gateway, payment)
    if gateway.settings.refunds == "no_balance":
        raise GatewayError("Your account does not have enough balance to carry out the refund operation.")
    return refund_processing.issue(gateway, payment, amount, speed=speed, notes=notes, receipt=receipt)


def of_payment(request: ApiRequest) -> Entity:
    """Refund a payment named in the path, wholly or in part."""
    return _refund(request, request.ids[0])


def create(request: ApiRequest) -> Entity:
    """Refund a payment named in the body."""
    payment_id = request.body.get("payment_id")
    if not isinstance(payment_id, str) or not payment_id:
        raise required("payment_id")
    return _refund(request, payment_id)


def fetch(request: ApiRequest) -> Entity:
    """Answer one refund."""
    return request.gateway.find("refund", request.ids[0], request.account).entity


def listed(request: ApiRequest) -> Entity:
    """Answer an account's refunds, newest first; ``payment_id`` narrows them to one payment."""
    window = listing.window(request)
    found: Iterator[Record] = request.gateway.store.newest("refund", request.account, window.since, window.until)
    payment_id = request.wanted("payment_id")
    if payment_id:
        found = (each for each in found if each.parent == payment_id)
    return listing.collection([each.entity for each in window.cut(found)])


def edit(request: ApiRequest) -> Entity:
    """Replace a refund's notes."""
    with request.gateway.store.transaction():
        refund = request.gateway.find("refund", request.ids[0], request.account)
        refund.entity["notes"] = validation.only_notes(request.body)
        request.gateway.store.save(refund)
    return refund.entity
