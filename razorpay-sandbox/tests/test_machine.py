"""Orders, payments and refunds against a small model, in any order of calls. HYPOTHESIS_PROFILE=nightly digs deeper."""

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.support import SandboxProcess

_WINDOW = 3 * 86_400
_STEP = 7 * 3600
"""Time passes in steps that never add up to the window, or what the calls themselves take would decide."""


@dataclass
class Order:
    """What the model knows of an order."""

    amount: int
    manual: bool
    status: str = "created"
    attempts: int = 0
    paid: int = 0
    off: int = 0


@dataclass
class Payment:
    """What the model knows of a payment."""

    order: Order
    amount: int
    born: int
    status: str
    refunds: list[int] = field(default_factory=list)
    captured: bool = False


class Gateway(RuleBasedStateMachine):
    """Calls the sandbox and the model alike and compares what they say."""

    sandbox: SandboxProcess

    orders: Bundle[str] = Bundle("orders")
    payments: Bundle[str] = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.sandbox.client.delete("/_test/data").raise_for_status()
        self.order: dict[str, Order] = {}
        self.payment: dict[str, Payment] = {}
        self.offset = 0

    @rule(target=orders, amount=st.integers(100, 5_000), manual=st.booleans())
    def create(self, amount: int, manual: bool) -> str:  # noqa: FBT001
        """Make an order."""
        made = self.sandbox.order(amount, payment_capture=int(not manual))
        self.order[made["id"]] = Order(amount, manual)
        return str(made["id"])

    @rule(target=payments, order_id=orders, outcome=st.sampled_from(["success", "failure", "authorized", "cancelled"]))
    def pay(self, order_id: str, outcome: str) -> str:
        """Pay or try to; the payment id, empty when there is none."""
        order = self.order[order_id]
        busy = any(each.order is order and each.status == "authorized" for each in self.payment.values())
        answer = self.sandbox.attempt(order_id, outcome=outcome)
        if order.status == "paid" or busy:
            assert answer.json()["error"]["reason"] == "order_already_paid"
            return ""
        order.attempts += 1
        order.status = "attempted"
        payment = Payment(order, order.amount - order.off, self.offset, "failed")
        if outcome in ("failure", "cancelled"):
            payment_id = answer.json()["error"]["metadata"]["payment_id"]
        else:
            payment_id = answer.raise_for_status().json()["razorpay_payment_id"]
            payment.status = "authorized"
            if outcome == "success" and not order.manual:
                self._capture(payment)
        self.payment[payment_id] = payment
        return str(payment_id)

    @rule(order_id=orders, off=st.integers(1, 5_000))
    def offer(self, order_id: str, off: int) -> None:
        """Take something off an order."""
        order = self.order[order_id]
        answer = self.sandbox.client.post("/_test/offer", json={"order_id": order_id, "amount_off": off})
        allowed = order.status != "paid" and off <= order.amount - 100
        assert answer.status_code == (200 if allowed else 400), answer.text
        if allowed:
            order.off = off

    def _capture(self, payment: Payment) -> None:
        payment.status, payment.captured = "captured", True
        payment.order.status, payment.order.paid = "paid", payment.order.amount

    @rule(payment_id=payments, off=st.sampled_from([0, 0, 0, 1]))
    def capture(self, payment_id: str, off: int) -> None:
        """Capture, sometimes with a wrong amount."""
        if not payment_id:
            return
        payment = self.payment[payment_id]
        body = {"amount": payment.amount + off, "currency": "INR"}
        answer = self.sandbox.client.post(f"/v1/payments/{payment_id}/capture", json=body)
        allowed = payment.status == "authorized" and not off and payment.order.status != "paid"
        assert answer.status_code == (200 if allowed else 400), answer.text
        if allowed:
            self._capture(payment)

    @rule(payment_id=payments, amount=st.none() | st.integers(1, 5_000))
    def refund(self, payment_id: str, amount: int | None) -> None:
        """Refund a part or the rest."""
        if not payment_id:
            return
        payment = self.payment[payment_id]
        left = payment.amount - sum(payment.refunds)
        body = {} if amount is None else {"amount": amount}
        answer = self.sandbox.client.post(f"/v1/payments/{payment_id}/refund", json=body)
        wanted = left if amount is None else amount
        allowed = payment.captured and 0 < wanted <= left and (amount is None or amount >= 100)
        assert answer.status_code == (200 if allowed else 400), answer.text
        if allowed:
            payment.refunds.append(wanted)
            if sum(payment.refunds) == payment.amount:
                payment.status = "refunded"

    @rule(payment_id=payments)
    def agree_late(self, payment_id: str) -> None:
        """Let the bank say yes to a failed payment."""
        if not payment_id or self.payment[payment_id].status != "failed":
            return
        payment = self.payment[payment_id]
        body = {"payment_id": payment_id, "outcome": "success"}
        answer = self.sandbox.client.post("/_test/conclude", json=body)
        if payment.order.status == "paid":
            assert answer.json()["error"]["reason"] in ("order_already_paid", "input_validation_failed")
            if self.offset - payment.born <= _WINDOW:
                payment.status, payment.refunds = "refunded", [payment.amount]
            return
        if self.offset - payment.born > _WINDOW:
            assert answer.status_code == 400
            return
        payment.status = "authorized"
        if not payment.order.manual:
            self._capture(payment)

    @rule(steps=st.integers(1, 6))
    def time_passes(self, steps: int) -> None:
        """Move the clock on."""
        self.offset += steps * _STEP
        self.sandbox.put("clock", {"offset": self.offset})
        for payment in self.payment.values():
            if payment.status == "authorized" and self.offset - payment.born >= _WINDOW:
                payment.status, payment.refunds = "refunded", [payment.amount]

    @invariant()
    def agree(self) -> None:
        """Compare every figure."""
        ledger = self.sandbox.get("/_test/ledger")
        shown = {each["id"]: each for each in ledger["payments"]}
        assert set(shown) == set(self.payment)
        for payment_id, payment in self.payment.items():
            self._compare(shown[payment_id], payment)
        for each in ledger["orders"]:
            order = self.order[each["id"]]
            said = (each["status"], each["attempts"], each["amount_paid"], each["amount_due"])
            assert said == (order.status, order.attempts, order.paid, order.amount - order.paid)
        captured = sum(each.amount for each in self.payment.values() if each.captured)
        refunded = sum(sum(each.refunds) for each in self.payment.values() if each.captured)
        totals = ledger["totals"]
        assert (totals["captured"], totals["refunded"], totals["net"]) == (captured, refunded, captured - refunded)

    def _compare(self, shown: Any, payment: Payment) -> None:
        said = (shown["amount"], shown["status"], shown["captured"], shown["amount_refunded"])
        assert said == (payment.amount, payment.status, payment.captured, sum(payment.refunds))
        assert shown["amount_refunded"] <= shown["amount"]


@pytest.mark.usefixtures("sandbox")
def test_the_sandbox_agrees_with_the_model_whatever_is_called(sandbox: SandboxProcess) -> None:
    machine = type("Machine", (Gateway,), {"sandbox": sandbox})
    profile = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
    run_state_machine_as_test(machine, settings=profile)
