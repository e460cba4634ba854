"""The sandbox's own calls: what they do not know they refuse, by name, and change nothing."""

from typing import Any

import pytest

from tests.support import SandboxProcess
from tests.test_orders import error_of

_CALLS = [
    ("POST", "pay", {"order_id": "order_AAAAAAAAAAAAAA", "outcomes": "failure"}, "outcomes"),
    ("POST", "conclude", {"payment_id": "pay_AAAAAAAAAAAAAA", "result": "success"}, "result"),
    ("POST", "refund", {"refund_id": "rfnd_AAAAAAAAAAAAAA", "state": "failed"}, "state"),
    ("POST", "offer", {"order_id": "order_AAAAAAAAAAAAAA", "discount": 100}, "discount"),
    ("POST", "dispute", {"payment_id": "pay_AAAAAAAAAAAAAA", "reason_code": "fraud"}, "reason_code"),
    ("POST", "settle", {"account": "acc"}, "account"),
    ("POST", "keys", {"expires_in": 60}, "expires_in"),
    ("POST", "downtimes", {"method": "card", "bank": "SBIN"}, "bank"),
    ("POST", "downtimes/resolve", {"downtime_id": "down_AAAAAAAAAAAAAA"}, "downtime_id"),
    ("POST", "webhooks/replay", {"events": "order.paid"}, "events"),
    ("PUT", "webhooks", {"retries": 3}, "retries"),
    ("PUT", "clock", {"offset": 5, "unit": "days"}, "unit"),
    ("PUT", "switches", {"autocapture": False}, "autocapture"),
    ("PUT", "faults", {"rules": [], "seeds": 7}, "seeds"),
    ("PUT", "faults", {"rules": [{"kind": "500", "paths": "/v1/orders"}]}, "paths"),
    ("PUT", "faults", [{"kind": "500", "times": 2}], "times"),
    ("PUT", "faults", {"kind": "500", "probability": 1}, "probability"),
    ("PUT", "faults", {"/v1/orders": {"kind": "500", "statuscode": 503}}, "statuscode"),
    ("PUT", "faults", {"rule": [{"kind": "500"}]}, "rule"),
    ("DELETE", "data", {"keep": "orders"}, "keep"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), _CALLS)
def test_a_field_that_a_test_call_does_not_know_is_refused_by_name(
    sandbox: SandboxProcess, method: str, path: str, body: Any, field: str
) -> None:
    order = sandbox.order()
    settings = [sandbox.get(f"/_test/{name}") for name in ("faults", "switches")]
    error = error_of(sandbox.client.request(method, f"/_test/{path}", json=body))
    assert error["field"] == field
    assert error["description"].startswith(f"The field {field} is not known; ")
    assert [sandbox.get(f"/_test/{name}") for name in ("faults", "switches")] == settings
    assert (sandbox.get("/_test/clock")["offset"], sandbox.fetch("orders")["items"]) == (0, [order])


def test_a_refused_field_says_what_is_known(sandbox: SandboxProcess) -> None:
    misspelt = sandbox.client.put("/_test/webhooks", json={"endpoints": "http://127.0.0.1:1/"})
    assert error_of(misspelt)["description"] == (
        "The field endpoints is not known; known are endpoint, url, secret, drop, duplicate, delay, reorder, factor,"
        " seed."
    )
    hoped_for = sandbox.client.post("/_test/settle", json={"amount": 5})
    assert error_of(hoped_for)["description"] == "The field amount is not known; there is none to give here."


def test_faults_are_taken_back_as_they_are_shown(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", {"rules": [{"kind": "429", "path": "/v1/orders", "count": 3}], "seed": 7})
    shown = sandbox.get("/_test/faults")
    assert sandbox.put("faults", shown) == shown
    assert sandbox.put("faults", {})["rules"] == []
