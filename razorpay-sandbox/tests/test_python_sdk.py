"""The official Python SDK, unmodified, against the sandbox."""

from typing import Any

import pytest
import razorpay

from tests.support import KEY_ID, KEY_SECRET, OTHER_KEY_ID, OTHER_KEY_SECRET, SandboxProcess


def test_an_order_from_creation_to_refund(sandbox: SandboxProcess, sdk: Any) -> None:
    order = sdk.order.create({"amount": 50_000, "currency": "INR", "receipt": "r-1", "notes": {"a": "b"}})
    assert sdk.order.fetch(order["id"]) == order
    assert sdk.order.edit(order["id"], {"notes": {"c": "d"}})["notes"] == {"c": "d"}
    handed_over = sandbox.attempt(order["id"], method="card", outcome="authorized").json()
    assert sdk.utility.verify_payment_signature(handed_over)
    payment_id = handed_over["razorpay_payment_id"]
    assert sdk.payment.capture(payment_id, 50_000, {"currency": "INR"})["status"] == "captured"
    assert sdk.order.fetch(order["id"])["status"] == "paid"
    assert sdk.order.payments(order["id"])["items"][0]["card"]["last4"] == "1007"
    assert sdk.payment.fetchCardDetails(payment_id)["entity"] == "card"
    assert sdk.payment.edit(payment_id, {"notes": {"x": "y"}})["notes"] == {"x": "y"}
    headers = {"X-Refund-Idempotency": "refund-of-r-1"}
    first = sdk.payment.refund(payment_id, {"amount": 20_000}, headers=dict(headers))
    assert sdk.payment.refund(payment_id, {"amount": 20_000}, headers=dict(headers)) == first
    rest = sdk.refund.create({"payment_id": payment_id})
    assert rest["amount"] == 30_000
    assert sdk.refund.fetch(rest["id"]) == rest
    assert sdk.refund.edit(rest["id"], {"notes": {"k": "v"}})["notes"] == {"k": "v"}
    assert sdk.payment.fetch_refund_id(payment_id, first["id"]) == first
    assert sdk.payment.fetch_multiple_refund(payment_id)["count"] == 2
    assert sdk.payment.fetch(payment_id)["status"] == "refunded"


def test_lists_take_the_sdks_parameters(sandbox: SandboxProcess, sdk: Any) -> None:
    sandbox.attempt(sandbox.order(receipt="wanted")["id"], method="card")
    for _ in range(3):
        sandbox.order()
    assert sdk.order.all({"count": 2, "skip": 1})["count"] == 2
    found = sdk.order.all({"receipt": "wanted", "expand[]": ["payments", "payments.card"]})["items"]
    assert found[0]["payments"]["items"][0]["card"]["entity"] == "card"
    assert sdk.order.all({"authorized": 1})["count"] == 1
    assert sdk.payment.all({"count": 5})["count"] == 1
    assert sdk.refund.all()["items"] == []


def test_customers_are_kept(sandbox: SandboxProcess, sdk: Any) -> None:
    assert sandbox.url
    data = {"name": "Asha Rao", "email": "asha@example.com", "contact": "+919000090000"}
    customer = sdk.customer.create(data)
    assert sdk.customer.fetch(customer["id"]) == customer
    assert sdk.customer.create({**data, "fail_existing": "0"})["id"] == customer["id"]
    with pytest.raises(razorpay.errors.BadRequestError, match="Customer already exists for the merchant"):
        sdk.customer.create(data)
    assert sdk.customer.edit(customer["id"], {"name": "Asha R"})["name"] == "Asha R"
    assert sdk.customer.all()["count"] == 1


def test_methods_are_listed_at_the_path_the_sdk_asks_for(sandbox: SandboxProcess, sdk: Any) -> None:
    methods = sdk.payment.fetchPaymentMethods()
    assert methods["entity"] == "methods"
    assert (methods["upi_intent"], methods["recurring"], methods["offline"]) == (True, [], False)
    assert "HDFC" in methods["netbanking"]
    assert methods == sandbox.get("/v1/methods")


@pytest.mark.parametrize(
    ("key_id", "secret"), [(KEY_ID, "wrong"), ("rzp_test_CCCCCCCCCCCCCC", KEY_SECRET), (KEY_ID, OTHER_KEY_SECRET)]
)
def test_wrong_keys_are_a_bad_request_error(sandbox: SandboxProcess, key_id: str, secret: str) -> None:
    with pytest.raises(razorpay.errors.BadRequestError, match="Authentication failed"):
        sandbox.sdk(key_id, secret).order.all()


def test_an_order_of_another_key_does_not_exist(sandbox: SandboxProcess, sdk: Any) -> None:
    order = sdk.order.create({"amount": 100, "currency": "INR"})
    with pytest.raises(razorpay.errors.BadRequestError, match="The id provided does not exist"):
        sandbox.sdk(OTHER_KEY_ID, OTHER_KEY_SECRET).order.fetch(order["id"])


def test_products_the_sandbox_does_not_have_are_refused(sandbox: SandboxProcess, sdk: Any) -> None:
    assert sandbox.url
    with pytest.raises(razorpay.errors.BadRequestError, match="The requested URL was not found on the server"):
        sdk.payment_link.create({"amount": 500, "currency": "INR"})


def test_the_sdks_well_known_slips_are_refused_and_harmless(sandbox: SandboxProcess, sdk: Any) -> None:
    payment_id = sandbox.paid()
    with pytest.raises(razorpay.errors.BadRequestError):
        sdk.payment.refund(payment_id, 500)
    with pytest.raises(razorpay.errors.BadRequestError):
        sdk.payment.capture(payment_id, {"amount": 50_000, "currency": "INR"}, {})
    assert sandbox.get(f"/v1/payments/{payment_id}")["amount_refunded"] == 0
