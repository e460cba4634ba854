"""How a payment's state moves: authorised, captured, failed, given back, and what time alone does.

created → authorized → captured → refunded, and created → failed, from which the bank may still authorise late.
Every function here is called inside a transaction and leaves waking the deliveries to its caller.
"""

import secrets

from razorpay_sandbox.payments import failures, pricing, refund_processing
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record
from razorpay_sandbox.webhooks import events

_FAILURE_FIELDS = ("error_code", "error_description", "error_source", "error_step", "error_reason")


def acquirer_data(method: str, *, answered: bool) -> dict[str, str | None]:
    """Return the bank's references of a payment; empty until the bank has answered."""
    number = str(10**11 + secrets.randbelow(9 * 10**11)) if answered else None
    if method == "upi":
        transaction = secrets.token_hex(16).upper()
        return {"rrn": number, "upi_transaction_id": transaction} if answered else {"rrn": None}
    if method == "card":
        return {"auth_code": number[:6] if number else None}
    return {"bank_transaction_id" if method == "netbanking" else "transaction_id": number}


def authorise(gateway: Gateway, payment: Record, *, may_capture: bool = True) -> None:
    """Take the bank's yes: the payment is authorised, then captured, kept for the merchant, or returned.

    It is captured when the order asks for that and it came in time. It returns at once when the order is paid
    already. ``may_capture`` False keeps it authorised whatever the order says.
    """
    payment.entity.update(dict.fromkeys(_FAILURE_FIELDS))
    payment.entity["status"] = "authorized"
    payment.entity["acquirer_data"] = acquirer_data(payment.entity["method"], answered=True)
    order = gateway.store.get("order", payment.parent) if payment.parent else None
    settings = order.hidden if order else {"capture": "manual"}
    manual_period = settings.get("manual_expiry_period")
    window = manual_period * 60 if manual_period else gateway.settings.auto_refund_after
    now = gateway.clock.now()
    payment.due_at = max(payment.entity["created_at"] + window, now + 1)
    gateway.store.save(payment)
    events.of_payment(gateway, "payment.authorized", payment)
    if order and pricing.toward_order(payment) > order.entity["amount_due"]:
        refund_processing.issue(gateway, payment, payment.entity["amount"], certain=True)
        return
    period = settings.get("automatic_expiry_period")
    in_time = period is None or now <= payment.entity["created_at"] + period * 60
    if may_capture and in_time and settings["capture"] == "automatic":
        capture(gateway, payment)


def capture(gateway: Gateway, payment: Record) -> None:
    """Take the money: charges the fee and counts the payment towards the order."""
    entity = payment.entity
    entity["status"] = "captured"
    entity["captured"] = True
    entity["fee"], entity["tax"] = pricing.fee_and_tax(payment)
    payment.due_at = None
    payment.hidden["captured_at"] = gateway.clock.now()
    gateway.store.save(payment)
    events.of_payment(gateway, "payment.captured", payment)
    order = gateway.store.get("order", payment.parent) if payment.parent else None
    if order is None:
        return
    order.entity["amount_paid"] += pricing.toward_order(payment)
    order.entity["amount_due"] -= pricing.toward_order(payment)
    if not order.entity["amount_due"]:
        order.entity["status"] = "paid"
    gateway.store.save(order)
    if order.entity["status"] == "paid":
        events.of_paid_order(gateway, payment, order)


def fail(gateway: Gateway, payment: Record, failure: failures.Failure) -> None:
    """Take the bank's no. It is not final: a late authorisation may follow when one is planned."""
    payment.entity["status"] = "failed"
    said = (failure.code, failure.description, failure.source, failure.step, failure.reason)
    payment.entity.update(zip(_FAILURE_FIELDS, said, strict=True))
    payment.due_at = payment.hidden.pop("late_at", None)
    gateway.store.save(payment)
    events.of_payment(gateway, "payment.failed", payment)


def _move(gateway: Gateway, record: Record) -> None:
    if record.kind == "refund":
        refund_processing.conclude(gateway, record)
    elif record.entity["status"] == "created":
        fail(gateway, record, failures.FAILURES["payment_timed_out"])
    elif record.entity["status"] == "failed":
        authorise(gateway, record)
    else:
        refund_processing.issue(gateway, record, record.entity["amount"], certain=True)


def advance(gateway: Gateway) -> None:
    """Do everything that is due by the sandbox's clock, earliest first."""
    moved = False
    while gateway.store.due(gateway.clock.precise()):
        with gateway.store.transaction():
            for record in gateway.store.due(gateway.clock.precise())[:1]:
                _move(gateway, record)
                moved = True
    if moved:
        gateway.wake()
