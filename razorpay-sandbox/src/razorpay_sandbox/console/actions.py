"""What a merchant's server would do with its key, and faults one at a time: calls that only the console makes."""

from typing import Any

from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.api.resources import payments, refunds
from razorpay_sandbox.core.errors import unknown_id
from razorpay_sandbox.state import fault_rules
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record

Body = dict[str, Any]


def _payment(gateway: Gateway, body: Body) -> Record:
    record = gateway.store.get("payment", str(body.get("payment_id")))
    if record is None:
        raise unknown_id()
    return record


def _as_merchant(gateway: Gateway, payment: Record, body: Body) -> ApiRequest:
    """Speak for whoever owns a payment."""
    return ApiRequest(gateway, payment.account, (payment.id,), body, {}, {})


def capture(gateway: Gateway, body: Body) -> Entity:
    """Capture an authorised payment: ``{payment_id}``."""
    payment = _payment(gateway, body)
    wanted = {name: payment.entity[name] for name in ("amount", "currency")}
    return payments.capture(_as_merchant(gateway, payment, wanted))


def refund(gateway: Gateway, body: Body) -> Entity:
    """Refund a payment: ``{payment_id, amount?}``, all that is left without an amount."""
    payment = _payment(gateway, body)
    return refunds.of_payment(_as_merchant(gateway, payment, {"amount": body.get("amount")}))


def add_fault(gateway: Gateway, body: Body) -> Entity:
    """Add one fault to those in force, which keep their hits."""
    gateway.faults.set([*gateway.faults.rules, fault_rules.read_rule(body)], gateway.faults.seed)
    return {"rules": len(gateway.faults.rules)}
