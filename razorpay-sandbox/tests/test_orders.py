"""Orders over plain HTTP: fields, refusals, lists, scopes."""

import base64
from typing import Any

import httpx
import pytest

from tests.support import KEY_ID, KEY_SECRET, OTHER_KEY_ID, OTHER_KEY_SECRET, SandboxProcess

_FIELDS = {
    *("id", "entity", "amount", "amount_paid", "amount_due", "currency", "receipt", "offer_id", "status"),
    *("attempts", "notes", "created_at"),
}


def error_of(response: httpx.Response, status: int = 400) -> Any:
    """Read an error envelope."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()["error"]


def test_a_new_order_has_exactly_razorpays_fields(sandbox: SandboxProcess) -> None:
    order = sandbox.order(5000, receipt="receipt#1", notes={"key1": "value3"})
    assert set(order) == _FIELDS
    assert order["id"].startswith("order_")
    assert len(order["id"]) == 20
    assert (order["status"], order["attempts"], order["amount_due"], order["amount_paid"]) == ("created", 0, 5000, 0)
    assert order["notes"] == {"key1": "value3"}
    assert sandbox.get(f"/v1/orders/{order['id']}") == order


def test_empty_notes_are_an_empty_list(sandbox: SandboxProcess) -> None:
    assert sandbox.order()["notes"] == []
    assert sandbox.order(notes={})["notes"] == []


@pytest.mark.parametrize(
    ("body", "description", "field"),
    [
        ({"currency": "INR"}, "The amount field is required.", "amount"),
        ({"amount": None, "currency": "INR"}, "The amount field is required.", "amount"),
        ({"amount": "100", "currency": "INR"}, "The amount must be an integer.", "amount"),
        ({"amount": 100.5, "currency": "INR"}, "The amount must be an integer.", "amount"),
        ({"amount": True, "currency": "INR"}, "The amount must be an integer.", "amount"),
        ({"amount": -1, "currency": "INR"}, "amount: must be no less than 0.", "amount"),
        ({"amount": 99, "currency": "INR"}, "The amount must be at least INR 1.00", "amount"),
        ({"amount": 0, "currency": "INR"}, "The amount must be at least INR 1.00", "amount"),
        ({"amount": 49, "currency": "USD"}, "The amount must be at least USD 0.50", "amount"),
        ({"amount": 50_000_001, "currency": "INR"}, "Amount exceeds maximum amount allowed.", "amount"),
        ({"amount": 100}, "The currency field is required.", "currency"),
        (
            {"amount": 100, "currency": "XXX"},
            "currency: validation_failure: BAD_REQUEST_INVALID_CURRENCY.",
            "currency",
        ),
        (
            {"amount": 100, "currency": "inr"},
            "currency: validation_failure: BAD_REQUEST_INVALID_CURRENCY.",
            "currency",
        ),
        (
            {"amount": 100, "currency": "INR", "receipt": "r" * 41},
            "receipt: the length must be no more than 40.",
            "receipt",
        ),
        (
            {"amount": 100, "currency": "INR", "receipt": "₹"},
            "The receipt: validation_failure: BAD_REQUEST_ENCODING_VALIDATION_FAILED.",
            "receipt",
        ),
        (
            {"amount": 100, "currency": "INR", "notes": {str(n): "x" for n in range(16)}},
            "Number of fields in notes should be less than or equal to 15",
            "notes",
        ),
        (
            {"amount": 100, "currency": "INR", "partial_payment": True, "first_payment_min_amount": -1},
            "first_payment_min_amount should be greater than or equal to 0.",
            "first_payment_min_amount",
        ),
    ],
)
def test_input_is_refused_in_razorpays_words(
    sandbox: SandboxProcess, body: dict[str, Any], description: str, field: str
) -> None:
    error = error_of(sandbox.client.post("/v1/orders", json=body))
    assert error == {
        "code": "BAD_REQUEST_ERROR",
        "description": description,
        "source": "business",
        "step": "payment_initiation",
        "reason": "input_validation_failed",
        "metadata": {},
        "field": field,
    }


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"500", b"\xff", b'{"notes":{"a":"\\ud800"}}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_plain_refusal(sandbox: SandboxProcess, raw: bytes) -> None:
    response = sandbox.client.post("/v1/orders", content=raw, headers={"content-type": "application/json"})
    assert error_of(response)["code"] == "BAD_REQUEST_ERROR"


def test_forms_with_brackets_are_read_like_json(sandbox: SandboxProcess) -> None:
    form = {"amount": "500", "currency": "INR", "notes[a]": "1", "payment[capture]": "manual"}
    order = sandbox.client.post("/v1/orders", data=form).raise_for_status().json()
    assert (order["amount"], order["notes"]) == (500, {"a": "1"})
    payment_id = sandbox.attempt(order["id"]).json()["razorpay_payment_id"]
    assert sandbox.get(f"/v1/payments/{payment_id}")["status"] == "authorized"
    captured = sandbox.client.post(f"/v1/payments/{payment_id}/capture", data={"amount": "500", "currency": "INR"})
    assert captured.json()["status"] == "captured"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer x",
        "Basic !",
        "basic " + base64.b64encode(f"{KEY_ID}:{KEY_SECRET}".encode()).decode(),
        "Basic " + base64.b64encode(f"{KEY_ID}:wrong".encode()).decode(),
        "Basic " + base64.b64encode(f"{KEY_ID}:".encode()).decode(),
        "Basic " + base64.b64encode(f"{OTHER_KEY_ID}:{KEY_SECRET}".encode()).decode(),
        "Basic " + base64.b64encode(b"rzp_test_unknown:x").decode(),
    ],
)
def test_wrong_credentials_are_refused_with_401(sandbox: SandboxProcess, authorization: str | None) -> None:
    headers = {"authorization": authorization} if authorization else {}
    error = error_of(httpx.get(f"{sandbox.url}/v1/orders", headers=headers, trust_env=False), 401)
    assert error == {
        "code": "BAD_REQUEST_ERROR",
        "description": "Authentication failed",
        "source": "NA",
        "step": "NA",
        "reason": "NA",
        "metadata": {},
    }


def test_a_key_does_not_see_another_keys_entities(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    payment_id = sandbox.attempt(order_id).json()["razorpay_payment_id"]
    other = httpx.Client(base_url=sandbox.url, auth=(OTHER_KEY_ID, OTHER_KEY_SECRET), trust_env=False)
    for path in (f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/payments", f"/v1/payments/{payment_id}"):
        assert error_of(other.get(path))["description"] == "The id provided does not exist"
    assert other.get("/v1/orders").json()["items"] == []
    assert other.get("/v1/payments").json()["items"] == []


@pytest.mark.parametrize(
    ("path", "description"),
    [
        ("/v1/orders/order_AAAAAAAAAAAAAA", "The id provided does not exist"),
        ("/v1/orders/nonsense", "nonsense is not a valid id"),
        ("/v1/orders/pay_AAAAAAAAAAAAAA", "pay_AAAAAAAAAAAAAA is not a valid id"),
        ("/v1/payments/pay_AAAAAAAAAAAAAA", "The id provided does not exist"),
        ("/v1/nothing", "The requested URL was not found on the server."),
        ("/nothing", "The requested URL was not found on the server."),
        ("/v1/orders?count=101", "The count may not be greater than 100."),
        ("/v1/orders?count=0", "The count must be at least 1."),
        ("/v1/orders?skip=-1", "The skip must be at least 0."),
        ("/v1/orders?from=1", "from must be between 946684800 and 4765046400"),
    ],
)
def test_reading_what_is_not_there_is_refused_with_400(sandbox: SandboxProcess, path: str, description: str) -> None:
    assert error_of(sandbox.client.get(path))["description"] == description


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_an_unknown_method_is_an_unknown_url(sandbox: SandboxProcess, method: str) -> None:
    error = error_of(sandbox.client.request(method, "/v1/orders"))
    assert error["description"] == "The requested URL was not found on the server."
    assert error["reason"] == "NA"


def test_a_trailing_slash_is_served_and_not_redirected(sandbox: SandboxProcess) -> None:
    order = sandbox.client.post("/v1/orders/", json={"amount": 100, "currency": "INR"})
    assert order.status_code == 200
    assert sandbox.get(f"/v1/orders/{order.json()['id']}/", **{"expand[]": "transfers"})["transfers"]["count"] == 0


def test_lists_are_newest_first_and_paged(sandbox: SandboxProcess) -> None:
    made = [sandbox.order(100 + n)["id"] for n in range(12)]
    newest_first = made[::-1]
    assert [each["id"] for each in sandbox.get("/v1/orders")["items"]] == newest_first[:10]
    page = sandbox.get("/v1/orders", count=3, skip=2)
    assert (page["entity"], page["count"]) == ("collection", 3)
    assert [each["id"] for each in page["items"]] == newest_first[2:5]


def test_lists_are_cut_by_time_inclusively(sandbox: SandboxProcess) -> None:
    sandbox.put("clock", {"offset": -1000})
    early = sandbox.order()
    sandbox.put("clock", {"offset": 0})
    late = sandbox.order()
    assert [each["id"] for each in sandbox.get("/v1/orders", to=early["created_at"])["items"]] == [early["id"]]
    assert [each["id"] for each in sandbox.get("/v1/orders", **{"from": late["created_at"]})["items"]] == [late["id"]]


def test_an_order_is_found_by_its_receipt(sandbox: SandboxProcess) -> None:
    first, second = sandbox.order(receipt="r-1"), sandbox.order(receipt="r-1")
    sandbox.order(receipt="r-2")
    found = sandbox.get("/v1/orders", receipt="r-1")["items"]
    assert [each["id"] for each in found] == [second["id"], first["id"]]


def test_unique_receipt_answers_the_same_order_again(sandbox: SandboxProcess) -> None:
    first = sandbox.order(receipt="r-1", unique_receipt=True)
    assert sandbox.order(receipt="r-1", unique_receipt=True) == first
    assert sandbox.order(receipt="r-2", unique_receipt=True)["id"] != first["id"]


def test_receipts_are_unique_when_the_switch_says_so(sandbox: SandboxProcess) -> None:
    sandbox.put("switches", {"unique_receipts": True})
    first = sandbox.order(receipt="r-1")
    error = error_of(sandbox.client.post("/v1/orders", json={"amount": 100, "currency": "INR", "receipt": "r-1"}))
    assert error["description"] == "Duplicate request. This request has already been processed."
    assert error["metadata"] == {"order_id": first["id"]}


def test_unknown_fields_are_refused_when_the_switch_says_so(sandbox: SandboxProcess) -> None:
    sandbox.order(surprise=1)
    sandbox.put("switches", {"strict_fields": True})
    error = error_of(sandbox.client.post("/v1/orders", json={"amount": 100, "currency": "INR", "surprise": 1}))
    assert error["description"] == "surprise is/are not required and should not be sent"
    assert error["reason"] == "extra_field_sent"


@pytest.mark.parametrize("key", ["expand[]", "expand[0]", "expand[expand]", "expand[expand][0]"])
def test_payments_are_expanded_in_every_spelling(sandbox: SandboxProcess, key: str) -> None:
    sandbox.attempt(sandbox.order()["id"], method="card")
    order = sandbox.get("/v1/orders", **{key: "payments.card"})["items"][0]
    assert order["payments"]["entity"] == "collection"
    assert order["payments"]["items"][0]["card"]["network"] == "Visa"


def test_orders_are_told_apart_by_authorization(sandbox: SandboxProcess) -> None:
    with_payment, without = sandbox.order(), sandbox.order()
    sandbox.attempt(with_payment["id"], outcome="authorized")
    assert [each["id"] for each in sandbox.get("/v1/orders", authorized=1)["items"]] == [with_payment["id"]]
    assert [each["id"] for each in sandbox.get("/v1/orders", authorized=0)["items"]] == [without["id"]]


def test_only_notes_of_an_order_can_change(sandbox: SandboxProcess) -> None:
    order = sandbox.order(notes={"a": "1"})
    path = f"/v1/orders/{order['id']}"
    assert sandbox.client.patch(path, json={"notes": {"b": "2"}}).json()["notes"] == {"b": "2"}
    error = error_of(sandbox.client.patch(path, json={"amount": 5}))
    assert error["description"] == "amount is/are not required and should not be sent"
