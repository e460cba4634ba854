"""Whatever a client sends, it is answered in Razorpay's form and never with an error of the sandbox's own."""

import json
import math
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import KEY_ID, SandboxProcess

_ORDER, _PAYMENT = "{order}", "{payment}"  # stand for ids that exist
_SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 1000)
    | st.floats()
    | st.text(max_size=50)
    | st.sampled_from(["INR", "manual", "automatic", "success", "card", "upi", "\x00", "9" * 30, _ORDER, _PAYMENT])
)
_VALUES = _SIMPLE | st.recursive(
    _SIMPLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
_PAGE = "count skip from to expand[] receipt authorized payment_id"
_CALLS = [
    (
        "POST /v1/orders",
        "amount currency receipt notes payment payment_capture partial_payment first_payment_min_amount unique_receipt",
    ),
    ("PATCH /v1/orders/{order}", "notes amount"),
    ("PATCH /v1/payments/{payment}", "notes amount"),
    ("POST /v1/payments/{payment}/capture", "amount currency"),
    ("POST /v1/payments/{payment}/refund", "amount speed notes receipt"),
    ("POST /v1/refunds", "payment_id amount speed notes receipt"),
    ("POST /v1/customers", "name email contact gstin notes fail_existing"),
    ("POST /v1/webhooks", "url events secret active"),
    ("POST /_test/pay", "order_id method outcome reason amount vpa bank wallet email contact notes description"),
    ("POST /_test/conclude", "payment_id outcome reason"),
    ("POST /_test/refund", "refund_id status"),
    ("POST /_test/offer", "order_id amount_off"),
    ("POST /_test/dispute", "payment_id reason respond_by phase dispute_id status"),
    ("POST /_test/settle", "delay"),
    ("POST /_test/downtimes", "method instrument severity"),
    ("POST /_test/webhooks/replay", "event_id event order_id payment_id"),
    ("PUT /_test/webhooks", "endpoint secret drop duplicate delay reorder factor seed"),
    ("PUT /_test/clock", "offset"),
    ("PUT /_test/switches", "auto_capture max_amount methods refunds fee_bearer"),
    ("GET /v1/orders", _PAGE),
    ("GET /v1/payments", _PAGE),
    ("GET /v1/refunds", _PAGE),
    ("GET /v1/payments/{payment}", _PAGE),
    ("GET /v1/orders/{order}/payments", _PAGE),
    ("GET /v1/settlements/recon/combined", f"{_PAGE} year month day"),
]
_FIXED: dict[str, dict[str, Any]] = {
    "POST /v1/orders": {"amount": 500, "currency": "INR"},
    "POST /_test/pay": {"order_id": _ORDER},
    "POST /_test/conclude": {"payment_id": _PAYMENT},
    "POST /_test/offer": {"order_id": _ORDER},
    "POST /_test/dispute": {"payment_id": _PAYMENT, "reason": "fraud"},
    "POST /_test/downtimes": {"method": "card"},
}


def bodies(call: tuple[str, str]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Make a call whose body is right but for one or two fields."""
    wrong = st.dictionaries(st.sampled_from(call[1].split()), _VALUES, max_size=2)
    return wrong.map(lambda fields: (call[0], {**_FIXED.get(call[0], {}), **fields}))


def test_nothing_a_client_sends_makes_it_fail(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(payment_capture=0)["id"]
    payment_id = sandbox.attempt(sandbox.order(payment_capture=0)["id"]).json()["razorpay_payment_id"]
    chosen = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

    @settings(chosen, max_examples=chosen.max_examples * 40)
    @given(call=st.sampled_from(_CALLS).flatmap(bodies), as_form=st.booleans())
    def send(call: tuple[str, dict[str, Any]], as_form: bool) -> None:  # noqa: FBT001
        text = json.dumps(call[1]).replace(_ORDER, order_id).replace(_PAYMENT, payment_id)
        method, path = call[0].replace(_ORDER, order_id).replace(_PAYMENT, payment_id).split()
        if method == "GET":
            answer = sandbox.client.get(path, params={name: str(value) for name, value in json.loads(text).items()})
        elif as_form and path.startswith("/v1/"):
            form = {f"{name}[a]": str(value) for name, value in json.loads(text).items()}
            answer = sandbox.client.request(method, path, data=form)
        else:  # also with Infinity and NaN, which JSON does not know
            headers = {"content-type": "application/json"}
            answer = sandbox.client.request(method, path, content=text, headers=headers)
        assert answer.status_code in (200, 400, 409), answer.text
        assert answer.headers["content-type"] == "application/json"
        if answer.status_code != 200:
            assert set(answer.json()["error"]) >= {"code", "description", "source", "step", "reason", "metadata"}

    send()


@pytest.mark.parametrize(
    "faults", [5, {"rules": 5}, {"path": 5}, [5], {"rules": [{"kind": "500"}], "seed": "x"}, {"/v1": {"rate": 1}}]
)
def test_faults_that_make_no_sense_are_refused(sandbox: SandboxProcess, faults: Any) -> None:
    assert sandbox.client.put("/_test/faults", json=faults).status_code == 400
    assert sandbox.get("/_test/faults")["rules"] == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize(("call", "field"), [("clock", "offset"), ("webhooks", "delay"), ("webhooks", "factor")])
def test_what_is_no_number_passes_no_limit(sandbox: SandboxProcess, call: str, field: str, number: str) -> None:
    before = sandbox.get(f"/_test/{call}")[field]
    assert sandbox.client.put(f"/_test/{call}", content=f'{{"{field}": {number}}}').status_code == 400
    assert sandbox.get(f"/_test/{call}")[field] == before


def test_what_the_sheet_sends_has_its_limits_too(sandbox: SandboxProcess) -> None:
    order = sandbox.order()
    payment = {"key_id": KEY_ID, "order_id": order["id"], "method": "upi"}
    for more in ({"amount": math.nan}, {"padding": "x" * 1_000_001}):
        answer = sandbox.client.post(
            "/v1/checkout/payments", content=json.dumps(payment | more), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400, answer.text
    assert sandbox.get(f"/v1/orders/{order['id']}")["attempts"] == 0
