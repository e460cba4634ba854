"""Payments: what buyers may do to an order, and capturing by hand."""

from typing import Any

import pytest
import razorpay

from tests.support import OTHER_KEY_ID, OTHER_KEY_SECRET, SandboxProcess
from tests.test_orders import error_of

_FIELDS = {
    *("id", "entity", "amount", "currency", "status", "order_id", "invoice_id", "international", "method"),
    *("amount_refunded", "refund_status", "captured", "description", "card_id", "bank", "wallet", "vpa", "email"),
    *("contact", "notes", "fee", "tax", "error_code", "error_description", "error_source", "error_step"),
    *("error_reason", "acquirer_data", "created_at"),
}


def test_paying_captures_the_payment_and_pays_the_order(sandbox: SandboxProcess) -> None:
    order = sandbox.order(notes={"cart": "7"})
    handed_over = sandbox.attempt(order["id"], method="upi").json()
    payment = sandbox.get(f"/v1/payments/{handed_over['razorpay_payment_id']}")
    assert set(payment) == _FIELDS | {"upi"}
    assert (payment["status"], payment["captured"], payment["order_id"]) == ("captured", True, order["id"])
    assert payment["notes"] == {"cart": "7"}
    assert set(payment["acquirer_data"]) == {"rrn", "upi_transaction_id"}
    after = sandbox.get(f"/v1/orders/{order['id']}")
    assert (after["status"], after["amount_paid"], after["amount_due"], after["attempts"]) == ("paid", 50_000, 0, 1)


@pytest.mark.parametrize(
    ("amount", "method", "fee", "tax"),
    [
        (50_000, "upi", 1180, 180),
        (150_000, "netbanking", 3540, 540),
        (250_000, "card", 5900, 900),
        (500_000, "wallet", 11_800, 1800),
        (2100, "upi", 50, 8),
        (1000, "upi", 24, 4),
        (100, "upi", 2, 0),
        (1234, "card", 25, 0),
        (9900, "card", 198, 0),
    ],
)
def test_fee_and_tax_are_those_of_razorpays_samples(
    sandbox: SandboxProcess, amount: int, method: str, fee: int, tax: int
) -> None:
    payment = sandbox.get(f"/v1/payments/{sandbox.paid(amount, method=method)}")
    assert (payment["fee"], payment["tax"]) == (fee, tax)


def test_a_failed_attempt_leaves_the_order_open(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    error = error_of(sandbox.attempt(order_id, method="upi", outcome="failure"))
    payment = sandbox.get(f"/v1/payments/{error['metadata']['payment_id']}")
    assert (payment["status"], payment["captured"], payment["fee"]) == ("failed", False, None)
    assert (payment["error_source"], payment["error_step"]) == ("gateway", "payment_response")
    assert (payment["error_code"], payment["error_reason"]) == ("BAD_REQUEST_ERROR", "payment_failed")
    assert payment["acquirer_data"] == {"rrn": None}
    assert sandbox.get(f"/v1/orders/{order_id}")["status"] == "attempted"
    sandbox.attempt(order_id).raise_for_status()
    attempts = sandbox.get(f"/v1/orders/{order_id}/payments")["items"]
    assert [each["status"] for each in attempts] == ["failed", "captured"]
    assert sandbox.get(f"/v1/orders/{order_id}")["attempts"] == 2


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("card_declined", "BAD_REQUEST_ERROR"),
        ("gateway_technical_error", "GATEWAY_ERROR"),
        ("made_up", "BAD_REQUEST_ERROR"),
    ],
)
def test_the_reason_of_a_failure_can_be_chosen(sandbox: SandboxProcess, reason: str, code: str) -> None:
    error = error_of(sandbox.attempt(sandbox.order()["id"], outcome="failure", reason=reason))
    assert (error["reason"], error["code"]) == (reason, code)


def test_a_cancelled_payment_says_so(sandbox: SandboxProcess) -> None:
    error = error_of(sandbox.attempt(sandbox.order()["id"], outcome="cancelled"))
    assert (error["reason"], error["source"], error["step"]) == (
        "payment_cancelled",
        "customer",
        "payment_authentication",
    )


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"amount": 49_999}, "order_amount_mismatch"),
        ({"method": "emi"}, "payment_method_not_enabled"),
        ({"method": "upi", "vpa": "nonsense"}, "invalid_vpa"),
    ],
)
def test_an_attempt_that_does_not_fit_the_order_is_refused(
    sandbox: SandboxProcess, how: dict[str, Any], reason: str
) -> None:
    order_id = sandbox.order()["id"]
    assert error_of(sandbox.attempt(order_id, **how))["reason"] == reason
    assert sandbox.get(f"/v1/orders/{order_id}")["attempts"] == 0


@pytest.mark.parametrize("outcome", ["success", "authorized"])
def test_an_order_takes_no_second_payment(sandbox: SandboxProcess, outcome: str) -> None:
    order_id = sandbox.order()["id"]
    sandbox.attempt(order_id, outcome=outcome).raise_for_status()
    error = error_of(sandbox.attempt(order_id))
    assert (error["reason"], error["description"]) == ("order_already_paid", "Payment already done for this order.")


def test_part_payments_add_up_to_a_paid_order(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(1000, partial_payment=True, first_payment_min_amount=400)["id"]
    assert error_of(sandbox.attempt(order_id, amount=399))["reason"] == "order_amount_mismatch"
    sandbox.attempt(order_id, amount=400).raise_for_status()
    order = sandbox.get(f"/v1/orders/{order_id}")
    assert (order["status"], order["amount_paid"], order["amount_due"]) == ("attempted", 400, 600)
    sandbox.attempt(order_id, amount=600).raise_for_status()
    assert sandbox.get(f"/v1/orders/{order_id}")["status"] == "paid"


@pytest.mark.parametrize("fields", [{"payment_capture": 0}, {"payment": {"capture": "manual"}}])
def test_an_order_can_ask_for_capture_by_hand(sandbox: SandboxProcess, fields: dict[str, Any]) -> None:
    order = sandbox.order(**fields)
    payment_id = sandbox.attempt(order["id"]).json()["razorpay_payment_id"]
    assert sandbox.get(f"/v1/payments/{payment_id}")["status"] == "authorized"
    assert sandbox.get(f"/v1/orders/{order['id']}")["status"] == "attempted"
    answer = sandbox.client.post(f"/v1/payments/{payment_id}/capture", json={"amount": 50_000, "currency": "INR"})
    assert answer.json()["status"] == "captured"
    assert sandbox.get(f"/v1/orders/{order['id']}")["status"] == "paid"


@pytest.mark.parametrize(
    ("outcome", "body", "description"),
    [
        ("authorized", {"amount": 1, "currency": "INR"}, "Capture amount must be equal to the amount authorized"),
        (
            "authorized",
            {"amount": 50_000, "currency": "USD"},
            "Capture request currency must be same as payment currency.",
        ),
        ("authorized", {}, "The amount field is required."),
        ("authorized", {"amount": "50000.0"}, "The amount must be an integer."),
        ("authorized", {"amount": 50000.5}, "The amount must be an integer."),
        ("authorized", {"amount": "9" * 30}, "The amount must be an integer."),
        ("authorized", {"amount": "50001"}, "Capture amount must be equal to the amount authorized"),
        ("success", {"amount": 50_000}, "This payment has already been captured"),
        (
            "failure",
            {"amount": 50_000},
            "Only payments which have been authorized and not yet captured can be captured",
        ),
    ],
)
def test_a_wrong_capture_is_refused(
    sandbox: SandboxProcess, outcome: str, body: dict[str, Any], description: str
) -> None:
    order_id = sandbox.order()["id"]
    sandbox.attempt(order_id, outcome=outcome)
    payment = sandbox.get(f"/v1/orders/{order_id}/payments")["items"][0]
    error = error_of(sandbox.client.post(f"/v1/payments/{payment['id']}/capture", json=body))
    assert (error["code"], error["description"]) == ("BAD_REQUEST_ERROR", description)
    assert sandbox.get(f"/v1/payments/{payment['id']}")["status"] == payment["status"]


def test_an_amount_to_capture_may_be_written_as_text(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid(outcome="authorized")
    answer = sandbox.client.post(f"/v1/payments/{payment_id}/capture", json={"amount": "50000", "currency": "INR"})
    assert answer.raise_for_status().json()["status"] == "captured"


def test_a_payment_without_card_has_no_card_to_show(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid(method="upi")
    assert error_of(sandbox.client.get(f"/v1/payments/{payment_id}/card"))["description"] == (
        "Payment was not done using card"
    )
    card = sandbox.get(f"/v1/payments/{sandbox.paid(method='card')}/card")
    assert (card["entity"], card["last4"]) == ("card", "1007")


def test_a_card_is_found_by_its_id_by_the_account_it_paid(sandbox: SandboxProcess, sdk: Any) -> None:
    payment = sandbox.fetch(f"payments/{sandbox.paid(method='card')}")
    card = sdk.card.fetch(payment["card_id"])
    assert card["id"] == payment["card_id"]
    assert card == sandbox.fetch(f"payments/{payment['id']}/card")
    with pytest.raises(razorpay.errors.BadRequestError, match="The id provided does not exist"):
        sandbox.sdk(OTHER_KEY_ID, OTHER_KEY_SECRET).card.fetch(card["id"])
    with pytest.raises(razorpay.errors.BadRequestError, match="nonsense is not a valid id"):
        sdk.card.fetch("nonsense")


def test_expansions_of_a_payment_are_checked(sandbox: SandboxProcess) -> None:
    path = f"/v1/payments/{sandbox.paid(method='card')}"
    assert "card" not in sandbox.get(path)
    expanded = sandbox.get(path, **{"expand[]": ["card", "refunds"]})
    assert (expanded["card"]["id"], expanded["refunds"]["count"]) == (expanded["card_id"], 0)
    error = error_of(sandbox.client.get(path, params={"expand[]": "nonsense"}))
    assert error["description"].startswith("Value of each expand must be one of following types:")


def test_the_bank_may_agree_after_a_failure(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    payment_id = error_of(sandbox.attempt(order_id, outcome="failure"))["metadata"]["payment_id"]
    sandbox.client.post("/_test/conclude", json={"payment_id": payment_id, "outcome": "success"}).raise_for_status()
    payment = sandbox.get(f"/v1/payments/{payment_id}")
    assert (payment["status"], payment["error_code"]) == ("captured", None)
    assert sandbox.get(f"/v1/orders/{order_id}")["status"] == "paid"


def test_a_late_yes_for_a_paid_order_goes_back_to_the_buyer(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    late = error_of(sandbox.attempt(order_id, outcome="failure"))["metadata"]["payment_id"]
    sandbox.attempt(order_id).raise_for_status()
    answer = sandbox.client.post("/_test/conclude", json={"payment_id": late, "outcome": "success"})
    assert error_of(answer)["reason"] == "order_already_paid"
    payment = sandbox.get(f"/v1/payments/{late}")
    assert (payment["status"], payment["amount_refunded"], payment["captured"]) == ("refunded", 50_000, False)
    order = sandbox.get(f"/v1/orders/{order_id}")
    assert (order["status"], order["amount_paid"]) == ("paid", 50_000)
