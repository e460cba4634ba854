"""The clock: what time alone does to payments."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.support import OTHER_KEY_ID, OTHER_KEY_SECRET, Receiver, SandboxProcess
from tests.test_orders import error_of
from tests.test_webhooks import event_of

_DAY = 86_400


def only_payment(sandbox: SandboxProcess, order_id: str) -> Any:
    return sandbox.get(f"/v1/orders/{order_id}/payments")["items"][0]


def test_the_clock_moves_what_is_created(sandbox: SandboxProcess) -> None:
    now = sandbox.order()["created_at"]
    shown = sandbox.put("clock", {"offset": _DAY})
    assert (shown["offset"], sandbox.get("/_test/clock")["offset"]) == (_DAY, _DAY)
    assert _DAY <= sandbox.order()["created_at"] - now <= _DAY + 60


def test_a_payment_nobody_answers_fails_after_ten_minutes_and_may_be_authorised_late(
    sandbox: SandboxProcess, receiver: Receiver
) -> None:
    order_id = sandbox.order()["id"]
    assert error_of(sandbox.attempt(order_id, outcome="late"))["reason"] == "payment_timed_out"
    assert only_payment(sandbox, order_id)["status"] == "created"
    sandbox.put("clock", {"offset": 601})
    failed = only_payment(sandbox, order_id)
    assert (failed["status"], failed["error_reason"]) == ("failed", "payment_timed_out")
    assert event_of(receiver.next())["event"] == "payment.failed"
    sandbox.put("clock", {"offset": 3600})
    assert only_payment(sandbox, order_id)["status"] == "captured"
    assert sandbox.get(f"/v1/orders/{order_id}")["status"] == "paid"
    names = {event_of(receiver.next())["event"] for _ in range(3)}
    assert names == {"payment.authorized", "payment.captured", "order.paid"}


def test_a_late_authorisation_of_an_order_paid_meanwhile_goes_back(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    late = error_of(sandbox.attempt(order_id, outcome="late"))["metadata"]["payment_id"]
    sandbox.attempt(order_id).raise_for_status()
    sandbox.put("clock", {"offset": _DAY})
    payment = sandbox.get(f"/v1/payments/{late}")
    assert (payment["status"], payment["refund_status"]) == ("refunded", "full")
    totals = sandbox.get("/_test/ledger")["totals"]
    assert (totals["captured"], totals["refunded_uncaptured"], totals["net"]) == (50_000, 50_000, 50_000)


@pytest.mark.parametrize(
    ("capture", "days", "status"),
    [
        ({"capture": "manual"}, 2.9, "authorized"),
        ({"capture": "manual"}, 3.1, "refunded"),
        ({"capture": "manual", "capture_options": {"manual_expiry_period": 60}}, 0.1, "refunded"),
    ],
)
def test_uncaptured_money_goes_back_by_itself(
    sandbox: SandboxProcess, capture: dict[str, Any], days: float, status: str
) -> None:
    order_id = sandbox.order(payment=capture)["id"]
    sandbox.attempt(order_id)
    sandbox.put("clock", {"offset": int(days * _DAY)})
    assert only_payment(sandbox, order_id)["status"] == status


def test_an_authorisation_later_than_the_automatic_period_waits_for_the_merchant(sandbox: SandboxProcess) -> None:
    capture = {"capture": "automatic", "capture_options": {"automatic_expiry_period": 12}}
    order_id = sandbox.order(payment=capture)["id"]
    sandbox.attempt(order_id, outcome="late")
    sandbox.put("clock", {"offset": 3600})
    assert only_payment(sandbox, order_id)["status"] == "authorized"


def test_settlements_pay_what_was_captured_less_fees_and_refunds(sandbox: SandboxProcess, sdk: Any) -> None:
    sandbox.put("switches", {"settlement_delay": 2 * _DAY})
    payment_id = sandbox.paid(method="upi")
    sandbox.client.post(f"/v1/payments/{payment_id}/refund", json={"amount": 10_000}).raise_for_status()
    assert sdk.settlement.all()["count"] == 0
    sandbox.put("clock", {"offset": 2 * _DAY + 1})
    settlement = sdk.settlement.all()["items"][0]
    assert (settlement["amount"], settlement["fees"], settlement["tax"]) == (50_000 - 1180 - 10_000, 1180, 180)
    assert sdk.settlement.fetch(settlement["id"]) == settlement
    moment = settlement["created_at"]
    items = report_of(sdk, moment)
    assert {(each["type"], each["credit"], each["debit"]) for each in items} == {
        ("payment", 48_820, 0),
        ("refund", 0, 10_000),
    }
    assert {(each["posted_at"], each["credit_type"], each["notes"]) for each in items} == {(None, "default", "[]")}
    assert {each["settlement_utr"] for each in items} == {settlement["utr"]}
    assert sum(each["credit"] - each["debit"] for each in items) == settlement["amount"]


def test_the_report_writes_notes_as_text(sandbox: SandboxProcess, sdk: Any) -> None:
    sandbox.attempt(sandbox.order(notes={"cart": "₹7"})["id"])
    [settlement] = sandbox.call("POST", "settle", {})["items"]
    [line] = report_of(sdk, settlement["created_at"])
    assert json.loads(line["notes"]) == {"cart": "₹7"}


def test_a_test_settles_at_once_what_every_account_captured(
    sandbox: SandboxProcess, receiver: Receiver, sdk: Any
) -> None:
    sandbox.put("switches", {"settlement_delay": 2 * _DAY})
    other = sandbox.sdk(OTHER_KEY_ID, OTHER_KEY_SECRET)
    sandbox.paid(method="upi")
    sandbox.attempt(other.order.create({"amount": 10_000, "currency": "INR"})["id"], method="upi")
    made = sandbox.call("POST", "settle", {})
    assert (made["entity"], made["count"]) == ("collection", 2)
    assert [each["amount"] for each in made["items"]] == [50_000 - 1180, 10_000 - 236]
    assert sdk.settlement.all()["items"] == made["items"][:1]
    told = [event_of(receiver.next()) for _ in range(8)]
    settled = [each["payload"]["settlement"]["entity"] for each in told if each["event"] == "settlement.processed"]
    assert sorted(settled, key=lambda each: -each["amount"]) == made["items"]
    assert sandbox.call("POST", "settle", {})["items"] == []


def report_of(sdk: Any, moment: int) -> list[Any]:
    day = datetime.fromtimestamp(moment).astimezone()
    return list(sdk.settlement.report({"year": day.year, "month": day.month, "day": day.day})["items"])
