"""What the sandbox does not do: refused as Razorpay refuses unknown addresses, named when it is known, and logged."""

from typing import Any

import httpx
import pytest

from tests.support import SandboxProcess
from tests.test_orders import error_of

_NOT_FOUND = "The requested URL was not found on the server."


def without_key(sandbox: SandboxProcess, method: str, path: str) -> httpx.Response:
    return httpx.request(method, sandbox.url + path, trust_env=False)


def logged(sandbox: SandboxProcess) -> str:
    """Read what was told last of something that is not part of the sandbox."""
    said = [line for line in sandbox.log.read_text().splitlines() if " not part of the sandbox " in line]
    return said[-1].partition(".front] ")[2]


@pytest.mark.parametrize(
    ("method", "path", "area"),
    [
        ("GET", "/v1/payments/qr_codes", "QR codes"),
        ("POST", "/v1/payments/qr_codes", "QR codes"),
        ("GET", "/v1/payments/qr_codes/qr_AAAAAAAAAAAAAA", "QR codes"),
        ("POST", "/v1/payments/create/json", "server-to-server payments"),
        ("POST", "/v1/payments/create/upi", "server-to-server payments"),
        ("POST", "/v1/payments/validate/vpa", "server-to-server payments"),
        ("POST", "/v1/payments/pay_AAAAAAAAAAAAAA/otp/submit", "server-to-server payments"),
        ("POST", "/v1/payments/pay_AAAAAAAAAAAAAA/otp_generate", "server-to-server payments"),
        ("GET", "/v1/payments/pay_AAAAAAAAAAAAAA/transfers", "transfers"),
        ("GET", "/v1/payments/pay_AAAAAAAAAAAAAA/bank_transfer", "bank transfers"),
        ("GET", "/v1/settlements/ondemand", "settlements on demand"),
        ("GET", "/v1/settlements/ondemand/setlod_AAAAAAAAAAAAAA", "settlements on demand"),
        ("POST", "/v1/disputes/disp_AAAAAAAAAAAAAA/accept", "answers to disputes"),
        ("GET", "/v1/invoices", "invoices"),
        ("GET", "/v1/subscriptions/sub_AAAAAAAAAAAAAA", "subscriptions"),
        ("POST", "/v1/payment_links", "payment links"),
        ("GET", "/v1/customers/eligibility/elig_AAAAAAAAAAAAAA", "customers' bank accounts and eligibility"),
        ("POST", "/v1/orders/order_AAAAAAAAAAAAAA/rto_review", "fulfilment and reviews of orders"),
    ],
)
def test_an_area_that_is_lacking_is_named_and_logged(
    sandbox: SandboxProcess, method: str, path: str, area: str
) -> None:
    assert error_of(sandbox.client.request(method, path)) == {
        "code": "BAD_REQUEST_ERROR",
        "description": f"{_NOT_FOUND} Not part of the sandbox: {area}.",
        "source": "NA",
        "step": "NA",
        "reason": "NA",
        "metadata": {},
    }
    assert logged(sandbox).replace(repr(area), area) == f"method={method} path={path} area={area}"
    assert error_of(without_key(sandbox, method, path), 401)["description"] == "Authentication failed"


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/v1/checkout/embedded", "embedded checkout"),
        ("/v1/razorpay.js", "custom checkout"),
        ("/v1/payments/create/ajax", "custom checkout"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_public_address_that_is_lacking_asks_for_no_key(
    sandbox: SandboxProcess, method: str, path: str, area: str
) -> None:
    refused = error_of(without_key(sandbox, method, path))
    assert refused["description"] == f"{_NOT_FOUND} Not part of the sandbox: {area}."


def test_an_address_that_nobody_knows_is_logged_too(sandbox: SandboxProcess) -> None:
    assert error_of(sandbox.client.get("/v1/nothing%0Aat all"))["description"] == _NOT_FOUND
    assert logged(sandbox) == r"method=GET path='/v1/nothing\\nat all' area='an unknown address'"


def test_an_order_shows_what_it_only_carries(sandbox: SandboxProcess, sdk: Any) -> None:
    sent: dict[str, Any] = {
        "bank_account": {"account_number": "765432123456789", "ifsc": "HDFC0000053", "name": "Asha Rao"},
        "customer_id": sdk.customer.create({"name": "Asha Rao"})["id"],
        "line_items": [{"sku": "cup", "price": 50_000, "quantity": 1}],
        "offers": ["offer_AAAAAAAAAAAAAA"],
        "token": {"max_amount": 5000},
    }
    order = sandbox.order(**sent)
    assert {field: order[field] for field in sent} == sent
    assert sandbox.fetch(f"orders/{order['id']}") == order


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"transfers": [{"account": "acc_AAAAAAAAAAAAAA", "amount": 100}]}, "Not part of the sandbox: transfers."),
        ({"bank_account": "765432123456789"}, "The bank_account must be an object."),
        ({"customer_id": 5}, "The customer_id must be a string."),
        ({"customer_id": "cust_AAAAAAAAAAAAAA"}, "The id provided does not exist"),
        ({"line_items": {"sku": "cup"}}, "The line_items must be an array."),
        ({"offers": "offer_AAAAAAAAAAAAAA"}, "The offers must be an array."),
        ({"token": 5}, "The token must be an object."),
    ],
)
def test_an_order_is_refused_with_what_it_could_not_carry(
    sandbox: SandboxProcess, fields: dict[str, Any], description: str
) -> None:
    body = {"amount": 50_000, "currency": "INR", **fields}
    assert error_of(sandbox.client.post("/v1/orders", json=body))["description"] == description
    assert sandbox.fetch("orders")["items"] == []


def test_transfers_that_were_asked_for_are_logged(sandbox: SandboxProcess) -> None:
    sandbox.client.post("/v1/orders", json={"amount": 500, "currency": "INR", "transfers": [{"amount": 100}]})
    assert logged(sandbox) == "method=POST path=/v1/orders area=transfers"
