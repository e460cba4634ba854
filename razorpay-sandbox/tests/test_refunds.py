"""Refunds: whole and in part, repeated safely, refused in Razorpay's words, ending well or badly."""

from typing import Any

import httpx
import pytest

from tests.support import SandboxProcess, until
from tests.test_orders import error_of

_FIELDS = {
    *("id", "entity", "amount", "currency", "payment_id", "notes", "receipt", "acquirer_data", "created_at"),
    *("batch_id", "status", "speed_processed", "speed_requested"),
}


def refund(sandbox: SandboxProcess, payment_id: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    headers = {"X-Refund-Idempotency": key} if key is not None else {}
    return sandbox.client.post(f"/v1/payments/{payment_id}/refund", json=body, headers=headers)


def test_a_full_refund_refunds_the_payment_and_leaves_the_order_paid(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    payment_id = sandbox.attempt(order_id).json()["razorpay_payment_id"]
    made = refund(sandbox, payment_id, {}).json()
    assert set(made) == _FIELDS
    assert (made["amount"], made["status"], made["speed_processed"]) == (50_000, "processed", "normal")
    payment = sandbox.get(f"/v1/payments/{payment_id}")
    assert (payment["status"], payment["refund_status"], payment["captured"]) == ("refunded", "full", True)
    order = sandbox.get(f"/v1/orders/{order_id}")
    assert (order["status"], order["amount_paid"]) == ("paid", 50_000)
    assert error_of(refund(sandbox, payment_id, {}))["description"] == "The payment has been fully refunded already"


def test_parts_add_up_and_the_rest_is_the_default(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    first = refund(sandbox, payment_id, {"amount": 20_000, "notes": {"why": "broken"}}).json()
    payment = sandbox.get(f"/v1/payments/{payment_id}")
    assert (payment["status"], payment["refund_status"], payment["amount_refunded"]) == ("captured", "partial", 20_000)
    second = refund(sandbox, payment_id, {}).json()
    assert second["amount"] == 30_000
    listed = sandbox.get(f"/v1/payments/{payment_id}/refunds")
    assert [each["id"] for each in listed["items"]] == [second["id"], first["id"]]
    assert sandbox.get(f"/v1/payments/{payment_id}/refunds/{first['id']}") == first
    assert sandbox.get(f"/v1/refunds/{second['id']}") == second
    assert [each["id"] for each in sandbox.get("/v1/refunds")["items"]] == [second["id"], first["id"]]


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ({"amount": 50_001}, "The refund amount provided is greater than amount captured"),
        ({"amount": 40_001}, "The total refund amount is greater than the refund payment amount"),
        ({"amount": 0}, "Amount cannot be blank."),
        ({"amount": 99}, "The amount must be at least INR 1.00"),
        ({"amount": "500.00"}, "The amount must be an integer."),
        ({"amount": 500.5}, "The amount must be an integer."),
        ({"amount": "-500"}, "The amount must be an integer."),
        ({"amount": "\u0665\u0660\u0660"}, "The amount must be an integer."),
        ({"amount": "0"}, "Amount cannot be blank."),
        ({"amount": "99"}, "The amount must be at least INR 1.00"),
        ({"amount": 500, "speed": "fast"}, "The selected speed is invalid."),
        ({"amount": 500, "receipt": "taken"}, "Duplicate receipt found for this refund request."),
    ],
)
def test_a_wrong_refund_is_refused(sandbox: SandboxProcess, body: dict[str, Any], description: str) -> None:
    payment_id = sandbox.paid()
    refund(sandbox, payment_id, {"amount": 10_000, "receipt": "taken"}).raise_for_status()
    assert error_of(refund(sandbox, payment_id, body))["description"] == description
    assert sandbox.get(f"/v1/payments/{payment_id}")["amount_refunded"] == 10_000


@pytest.mark.parametrize("path", ["/v1/payments/{id}/refund", "/v1/refunds"])
def test_an_amount_to_refund_may_be_written_as_text(sandbox: SandboxProcess, path: str) -> None:
    payment_id = sandbox.paid()
    body = {"payment_id": payment_id, "amount": "500"}
    made = sandbox.client.post(path.replace("{id}", payment_id), json=body).raise_for_status().json()
    assert (made["amount"], sandbox.fetch(f"payments/{payment_id}")["amount_refunded"]) == (500, 500)


def test_only_captured_money_is_refunded(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    sandbox.attempt(order_id, outcome="authorized")
    payment_id = sandbox.get(f"/v1/orders/{order_id}/payments")["items"][0]["id"]
    assert error_of(refund(sandbox, payment_id, {}))["description"] == (
        "The payment status should be captured for action to be taken"
    )
    assert error_of(refund(sandbox, payment_id, {"amount": 100}))["description"] == (
        "Void is not supported for partial refunds."
    )


def test_the_same_key_and_body_answer_the_first_refund_again(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    body = {"amount": 1000, "notes": {"n": 1}}
    first = refund(sandbox, payment_id, body, "key-0123456789").json()
    assert refund(sandbox, payment_id, body, "key-0123456789").json() == first
    assert sandbox.get(f"/v1/payments/{payment_id}")["amount_refunded"] == 1000


def test_the_same_key_with_another_body_is_a_conflict(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    refund(sandbox, payment_id, {"amount": 1000}, "key-0123456789").raise_for_status()
    error = error_of(refund(sandbox, payment_id, {"amount": 2000}, "key-0123456789"), 409)
    assert error["description"] == "Different request with the same idempotency key has already been processed."
    assert (error["code"], error["source"], error["step"], error["reason"]) == ("BAD_REQUEST_ERROR", "NA", "NA", "NA")


@pytest.mark.parametrize(
    ("key", "description"),
    [
        ("short", "The idempotency key must be at least 10 characters long."),
        (
            "with space in it",
            "The idempotency key must only contain alphanumeric characters, underscores, and hyphens",
        ),
    ],
)
def test_a_malformed_idempotency_key_is_refused(sandbox: SandboxProcess, key: str, description: str) -> None:
    assert error_of(refund(sandbox, sandbox.paid(), {}, key))["description"] == description


def test_a_refused_refund_does_not_use_its_key_up(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    error_of(refund(sandbox, payment_id, {"amount": 50_001}, "key-0123456789"))
    refund(sandbox, payment_id, {"amount": 500}, "key-0123456789").raise_for_status()


def test_an_instant_refund_is_pending_first(sandbox: SandboxProcess) -> None:
    made = refund(sandbox, sandbox.paid(method="upi"), {"speed": "optimum"}).json()
    assert (made["status"], made["speed_requested"]) == ("pending", "optimum")
    sandbox.put("clock", {"offset": 60})
    after = sandbox.get(f"/v1/refunds/{made['id']}")
    assert (after["status"], after["speed_processed"]) == ("processed", "instant")
    assert after["acquirer_data"]["rrn"].isdecimal()


def test_a_refund_that_fails_later_gives_the_money_back_to_the_payment(sandbox: SandboxProcess) -> None:
    sandbox.put("switches", {"refunds": "failed", "refund_delay": 0})
    payment_id = sandbox.paid()
    made = refund(sandbox, payment_id, {}).json()
    assert made["status"] == "pending"
    until(lambda: sandbox.get(f"/v1/refunds/{made['id']}")["status"] == "failed")
    payment = sandbox.get(f"/v1/payments/{payment_id}")
    assert (payment["status"], payment["amount_refunded"], payment["refund_status"]) == ("captured", 0, None)
    sandbox.put("switches", {"refunds": "processed"})
    refund(sandbox, payment_id, {}).raise_for_status()


def test_without_balance_refunds_are_refused(sandbox: SandboxProcess) -> None:
    sandbox.put("switches", {"refunds": "no_balance"})
    assert error_of(refund(sandbox, sandbox.paid(), {}))["description"] == (
        "Your account does not have enough balance to carry out the refund operation."
    )


def test_a_payment_of_last_year_is_not_refunded(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    sandbox.put("clock", {"offset": 200 * 86_400})
    error = error_of(refund(sandbox, payment_id, {}))
    assert error["description"].endswith("the payment is more than 6 months old")
    assert (error["source"], error["step"], error["reason"]) == (None, None, None)


def test_a_refund_can_be_asked_for_by_body(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    made = sandbox.client.post("/v1/refunds", json={"payment_id": payment_id, "amount": 100}).json()
    assert (made["payment_id"], made["amount"]) == (payment_id, 100)
    path = f"/v1/refunds/{made['id']}"
    assert sandbox.client.patch(path, json={"notes": {"a": "b"}}).json()["notes"] == {"a": "b"}
    assert error_of(sandbox.client.patch(path, json={}))["description"] == "The notes field is required."
