"""Payments of another amount than their order: with an offer less, with a fee that the customer bears more."""

from typing import Any

import pytest

from tests.support import KEY_ID, Receiver, SandboxProcess
from tests.test_clock import only_payment, report_of
from tests.test_orders import error_of
from tests.test_webhooks import event_of


def offered(sandbox: SandboxProcess, amount_off: int = 10_000, **fields: Any) -> Any:
    """Create an order of ₹480 with an offer; the order as it is then."""
    order = sandbox.order(48_000, **fields)
    return sandbox.call("POST", "offer", {"order_id": order["id"], "amount_off": amount_off})


def preferences(sandbox: SandboxProcess, order_id: str) -> Any:
    return sandbox.fetch("checkout/preferences", key_id=KEY_ID, order_id=order_id)


@pytest.fixture
def customer_fee(sandbox: SandboxProcess) -> None:
    """An account whose customers bear the fee."""
    assert sandbox.put("switches", {"fee_bearer": "customer"})["fee_bearer"] == "customer"


def test_an_offer_takes_something_off_the_payment_and_the_order_is_paid(
    sandbox: SandboxProcess, sdk: Any, receiver: Receiver
) -> None:
    order = offered(sandbox)
    assert order["offer_id"].startswith("offer_")
    assert (order["amount"], order["amount_due"]) == (48_000, 48_000)
    handed_over = sandbox.pay(order["id"], method="upi")
    assert sdk.utility.verify_payment_signature(handed_over)
    payment = sandbox.fetch(f"payments/{handed_over['razorpay_payment_id']}")
    assert (payment["amount"], payment["offer_id"], payment["status"]) == (38_000, order["offer_id"], "captured")
    after = sandbox.fetch(f"orders/{order['id']}")
    assert (after["status"], after["amount"], after["amount_paid"], after["amount_due"]) == ("paid", 48_000, 48_000, 0)
    told = [event_of(receiver.next())["payload"]["payment"]["entity"] for _ in range(3)]
    assert {(each["amount"], each["offer_id"]) for each in told} == {(38_000, order["offer_id"])}


def test_checkout_is_told_what_an_offer_takes_off(sandbox: SandboxProcess) -> None:
    order_id = offered(sandbox)["id"]
    shown = preferences(sandbox, order_id)
    offer_id = sandbox.fetch(f"orders/{order_id}")["offer_id"]
    assert shown["offer"] == {"id": offer_id, "amount_off": 10_000, "amount": 38_000}
    assert shown["customer_fee"] is None
    assert error_of(sandbox.attempt(order_id, amount=48_000))["reason"] == "order_amount_mismatch"
    sandbox.attempt(order_id, amount=38_000).raise_for_status()
    assert preferences(sandbox, order_id)["offer"] is None


def test_an_offer_outlives_a_failed_attempt_and_a_later_one_replaces_it(sandbox: SandboxProcess) -> None:
    order = offered(sandbox)
    sandbox.attempt(order["id"], outcome="failure")
    again = sandbox.call("POST", "offer", {"order_id": order["id"], "amount_off": 8000})
    assert again["offer_id"] == order["offer_id"]
    sandbox.attempt(order["id"]).raise_for_status()
    payments = sandbox.fetch(f"orders/{order['id']}/payments")["items"]
    assert [each["amount"] for each in payments] == [38_000, 40_000]


def test_what_was_paid_with_an_offer_is_captured_and_refunded(sandbox: SandboxProcess) -> None:
    order = offered(sandbox, payment_capture=0)
    sandbox.attempt(order["id"]).raise_for_status()
    path = f"/v1/payments/{only_payment(sandbox, order['id'])['id']}"
    wrong = sandbox.client.post(f"{path}/capture", json={"amount": 48_000, "currency": "INR"})
    assert error_of(wrong)["description"] == "Capture amount must be equal to the amount authorized"
    right = sandbox.client.post(f"{path}/capture", json={"amount": 38_000, "currency": "INR"})
    assert right.raise_for_status().json()["status"] == "captured"
    assert sandbox.fetch(f"orders/{order['id']}")["status"] == "paid"
    too_much = sandbox.client.post(f"{path}/refund", json={"amount": 38_001})
    assert error_of(too_much)["description"] == "The refund amount provided is greater than amount captured"
    assert sandbox.client.post(f"{path}/refund", json={}).json()["amount"] == 38_000
    assert sandbox.get(path)["refund_status"] == "full"


def test_a_late_yes_without_the_offer_of_an_order_paid_with_it_goes_back(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(48_000)["id"]
    sandbox.attempt(order_id, outcome="late")
    sandbox.call("POST", "offer", {"order_id": order_id, "amount_off": 10_000})
    sandbox.attempt(order_id).raise_for_status()
    sandbox.put("clock", {"offset": 3600})
    late, paid = sandbox.fetch(f"orders/{order_id}/payments")["items"]
    assert (late["amount"], late["status"], paid["amount"], paid["status"]) == (48_000, "refunded", 38_000, "captured")


def test_ledger_settlement_and_its_report_agree_about_an_offer(sandbox: SandboxProcess, sdk: Any) -> None:
    sandbox.attempt(offered(sandbox)["id"], method="upi").raise_for_status()
    totals = sandbox.get("/_test/ledger")["totals"]
    assert (totals["captured"], totals["fees"], totals["net"]) == (38_000, 897, 38_000)
    [settlement] = sandbox.call("POST", "settle", {})["items"]
    assert (settlement["amount"], settlement["fees"]) == (38_000 - 897, 897)
    [line] = report_of(sdk, settlement["created_at"])
    assert (line["amount"], line["credit"], line["fee"]) == (38_000, 37_103, 897)


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"amount_off": 0}, "The amount_off of this order must be between 1 and 47900."),
        ({"amount_off": 47_901}, "The amount_off of this order must be between 1 and 47900."),
        ({"amount_off": "10"}, "The amount_off must be an integer."),
        ({}, "The amount_off field is required."),
        ({"amount_off": 1, "order_id": "order_AAAAAAAAAAAAAA"}, "The id provided does not exist"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(
    sandbox: SandboxProcess, body: dict[str, Any], description: str
) -> None:
    order_id = sandbox.order(48_000)["id"]
    refused = sandbox.client.post("/_test/offer", json={"order_id": order_id, **body})
    assert error_of(refused)["description"] == description
    assert sandbox.fetch(f"orders/{order_id}")["offer_id"] is None


def test_an_offer_keeps_the_last_digit_of_three_decimals_at_0(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(48_000, currency="KWD")["id"]
    refused = sandbox.client.post("/_test/offer", json={"order_id": order_id, "amount_off": 15})
    assert error_of(refused)["description"] == "The last digit of an amount in KWD must be 0."
    assert sandbox.call("POST", "offer", {"order_id": order_id, "amount_off": 10})["offer_id"]


def test_an_order_that_is_paid_or_paid_in_parts_takes_no_offer(sandbox: SandboxProcess) -> None:
    in_parts, paid = sandbox.order(partial_payment=True)["id"], sandbox.order()["id"]
    sandbox.attempt(paid).raise_for_status()
    for order_id, description in (
        (in_parts, "An offer does not go together with part payments."),
        (paid, "Payment already done for this order."),
    ):
        refused = sandbox.client.post("/_test/offer", json={"order_id": order_id, "amount_off": 100})
        assert error_of(refused)["description"] == description


@pytest.mark.usefixtures("customer_fee")
@pytest.mark.parametrize("method", ["upi", "card"])
def test_a_customer_who_bears_the_fee_pays_it_on_top_of_the_order(
    sandbox: SandboxProcess, sdk: Any, method: str
) -> None:
    order_id = sandbox.order(48_000)["id"]
    assert preferences(sandbox, order_id)["customer_fee"] == {"amount": 49_133, "fee": 1133, "tax": 173}
    assert error_of(sandbox.attempt(order_id, amount=48_000))["reason"] == "order_amount_mismatch"
    handed_over = sandbox.attempt(order_id, amount=49_133, method=method).raise_for_status().json()
    assert sdk.utility.verify_payment_signature(handed_over)
    payment = sandbox.fetch(f"payments/{handed_over['razorpay_payment_id']}")
    assert (payment["amount"], payment["fee"], payment["tax"]) == (49_133, 1133, 173)
    assert (payment["fee_bearer"], payment["status"]) == ("customer", "captured")
    order = sandbox.fetch(f"orders/{order_id}")
    assert (order["status"], order["amount_paid"], order["amount_due"]) == ("paid", 48_000, 0)


@pytest.mark.usefixtures("customer_fee")
def test_a_payment_keeps_the_fee_its_customer_was_shown(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(48_000, payment_capture=0)["id"]
    sandbox.attempt(order_id).raise_for_status()
    payment = only_payment(sandbox, order_id)
    assert (payment["amount"], payment["fee"]) == (49_133, None)
    sandbox.put("switches", {"fee_bearer": "platform"})
    path = f"/v1/payments/{payment['id']}/capture"
    wrong = sandbox.client.post(path, json={"amount": 48_000, "currency": "INR"})
    assert error_of(wrong)["description"] == "Capture amount must be equal to the amount authorized"
    captured = sandbox.client.post(path, json={"amount": 49_133, "currency": "INR"}).raise_for_status().json()
    assert (captured["fee"], captured["tax"]) == (1133, 173)
    assert sandbox.fetch(f"orders/{order_id}")["status"] == "paid"


@pytest.mark.usefixtures("customer_fee")
def test_the_merchant_is_settled_the_orders_amount_when_the_customer_bears_the_fee(
    sandbox: SandboxProcess, sdk: Any
) -> None:
    sandbox.attempt(sandbox.order(48_000)["id"]).raise_for_status()
    totals = sandbox.get("/_test/ledger")["totals"]
    assert (totals["captured"], totals["fees"]) == (49_133, 1133)
    [settlement] = sandbox.call("POST", "settle", {})["items"]
    assert (settlement["amount"], settlement["fees"], settlement["tax"]) == (48_000, 1133, 173)
    [line] = report_of(sdk, settlement["created_at"])
    assert (line["amount"], line["credit"], line["fee"], line["tax"]) == (49_133, 48_000, 1133, 173)


@pytest.mark.usefixtures("customer_fee")
def test_all_that_a_customer_paid_can_go_back_with_the_fee(sandbox: SandboxProcess) -> None:
    path = f"/v1/payments/{sandbox.paid(48_000)}"
    refund = sandbox.client.post(f"{path}/refund", json={"amount": 48_000}).raise_for_status().json()
    assert refund["amount"] == 48_000
    assert sandbox.get(path)["refund_status"] == "partial"
    assert sandbox.client.post(f"{path}/refund", json={}).json()["amount"] == 1133
    assert sandbox.get(path)["status"] == "refunded"


@pytest.mark.usefixtures("customer_fee")
@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"currency": "USD"}, "The customer bears the fee of payments in INR only."),
        ({"partial_payment": True}, "Part payments do not go together with a fee that the customer bears."),
    ],
)
def test_a_fee_that_the_customer_bears_does_not_go_with_everything(
    sandbox: SandboxProcess, fields: dict[str, Any], description: str
) -> None:
    order_id = sandbox.order(48_000, **fields)["id"]
    assert error_of(sandbox.attempt(order_id))["description"] == description
    assert sandbox.fetch(f"orders/{order_id}")["attempts"] == 0


def test_an_offer_and_a_fee_that_the_customer_bears_do_not_go_together(sandbox: SandboxProcess) -> None:
    order_id = offered(sandbox)["id"]
    sandbox.put("switches", {"fee_bearer": "customer"})
    description = "An offer does not go together with a fee that the customer bears."
    assert error_of(sandbox.attempt(order_id))["description"] == description
    refused = sandbox.client.post("/_test/offer", json={"order_id": sandbox.order()["id"], "amount_off": 100})
    assert error_of(refused)["description"] == description


def test_the_fee_is_borne_by_nobody_else(sandbox: SandboxProcess) -> None:
    refused = sandbox.client.put("/_test/switches", json={"fee_bearer": "nobody"})
    assert error_of(refused)["description"] == "The switch fee_bearer is one of platform, customer."
    assert sandbox.get("/_test/switches")["fee_bearer"] == "platform"
