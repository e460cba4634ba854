"""The time and ways to move it, the account's settings, and a clean slate."""

import htpy as h

from razorpay_sandbox.console.elements import actions, call, choice, flag, form
from razorpay_sandbox.console.text import moment
from razorpay_sandbox.state.gateway import Gateway

_JUMPS = {"+10 minutes": 600, "+1 hour": 3600, "+1 day": 86_400, "+3 days": 259_200}
_REFUNDS = ("processed", "pending", "failed", "no_balance")
_BEARERS = ("platform", "customer")


def _ahead(offset: float) -> str:
    return f"{offset:+,.0f} seconds from real time" if offset else "which is the real time"


def content(gateway: Gateway) -> h.Node:
    """Show clock and settings."""
    offset = gateway.clock.offset
    account = gateway.settings
    return [
        h.p(".lead")["It is ", moment(gateway.clock.now()), f", {_ahead(offset)}."],
        actions(
            *(call("PUT", "/_test/clock", name, {"offset": offset + jump}) for name, jump in _JUMPS.items()),
            call("PUT", "/_test/clock", "Back to now", {"offset": 0}),
        ),
        h.h2["Account"],
        form(
            "Save",
            "PUT",
            "/_test/switches",
            flag("Capture automatically", "auto_capture", on=account.auto_capture),
            flag("Receipts must be unique", "unique_receipts", on=account.unique_receipts),
            flag("Refuse unknown fields", "strict_fields", on=account.strict_fields),
            choice("Refunds end", "refunds", _REFUNDS, account.refunds),
            choice("The fee is borne by", "fee_bearer", _BEARERS, account.fee_bearer),
        ),
        h.h2["Clean slate"],
        h.p(".lead")["Forgets every order, payment, refund, event and fault, and puts the clock back."],
        call("DELETE", "/_test/data", "Forget everything", sure="Forget every order, payment and refund?"),
    ]
