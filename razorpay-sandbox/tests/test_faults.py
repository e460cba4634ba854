"""Faults: each does what it says, to the calls it names, as often as it may."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests

from tests.support import KEY_ID, KEY_SECRET, SandboxProcess
from tests.test_orders import error_of

_BODY = {"amount": 500, "currency": "INR"}


@pytest.fixture(autouse=True)
def _without_faults_afterwards(sandbox: SandboxProcess) -> Iterator[None]:
    yield
    sandbox.put("faults", [])


def create(sandbox: SandboxProcess, patience: float = 10) -> httpx.Response:
    return sandbox.client.post("/v1/orders", json=_BODY, timeout=patience)


def orders(sandbox: SandboxProcess) -> int:
    return len(sandbox.get("/_test/ledger")["orders"])


@pytest.mark.parametrize(
    ("kind", "status", "code", "description"),
    [
        ("400", 400, "BAD_REQUEST_ERROR", "The id provided does not exist"),
        ("401", 401, "BAD_REQUEST_ERROR", "Authentication failed"),
        ("404", 404, "BAD_REQUEST_ERROR", "The requested URL was not found on the server."),
        ("429", 429, "BAD_REQUEST_ERROR", "Too many requests"),
        (
            500,
            500,
            "SERVER_ERROR",
            "We are facing some trouble completing your request at the moment. Please try again shortly.",
        ),
    ],
)
def test_refusals_change_nothing(
    sandbox: SandboxProcess, kind: str | int, status: int, code: str, description: str
) -> None:
    sandbox.put("faults", {"rules": [{"kind": kind, "path": "/v1/orders", "count": 1, "retry_after": 7}]})
    response = create(sandbox)
    error = error_of(response, status)
    assert (error["code"], error["description"]) == (code, description)
    assert response.headers.get("retry-after") == ("7" if status == 429 else None)
    assert orders(sandbox) == 0
    assert create(sandbox).status_code == 200


def test_a_proxy_answers_html(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "502"}])
    response = create(sandbox)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert orders(sandbox) == 0


def test_an_empty_answer_is_empty(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "empty"}])
    response = create(sandbox)
    assert (response.status_code, response.content) == (200, b"")


def test_latency_slows_and_then_serves(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "latency", "seconds": 0.4}])
    started = time.monotonic()
    assert create(sandbox).status_code == 200
    assert time.monotonic() - started >= 0.4


def test_a_reset_drops_the_connection_before_anything_happened(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "reset", "count": 1}])
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        create(sandbox)
    assert orders(sandbox) == 0


def test_a_lost_reply_has_done_its_work(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "reply_lost", "method": "POST", "path": "/v1/orders", "count": 1}])
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        create(sandbox)
    assert orders(sandbox) == 1


def test_a_hanging_call_never_answers(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "hang", "count": 1}])
    with pytest.raises(httpx.ReadTimeout):
        create(sandbox, patience=0.5)
    assert orders(sandbox) == 0


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ("/v1/orders", True),
        ("/v1", True),
        ("*", True),
        ("/v1/*", True),
        ("/v1/order", False),
        ("/v1/payments", False),
        ("/v1/payments/{id}/capture", False),
    ],
)
def test_a_fault_hits_the_paths_it_names(sandbox: SandboxProcess, pattern: str, hit: bool) -> None:  # noqa: FBT001
    sandbox.put("faults", [{"kind": "500", "path": pattern}])
    assert create(sandbox).status_code == (500 if hit else 200)


def test_a_pattern_with_an_id_hits_that_call_only(sandbox: SandboxProcess) -> None:
    payment_id = sandbox.paid()
    sandbox.put("faults", [{"kind": "500", "path": "/v1/payments/{id}/refund"}])
    assert sandbox.client.get(f"/v1/payments/{payment_id}").status_code == 200
    assert sandbox.client.post(f"/v1/payments/{payment_id}/refund", json={}).status_code == 500


def test_the_same_seed_hits_the_same_calls(sandbox: SandboxProcess) -> None:
    def pattern(seed: int) -> list[int]:
        sandbox.put("faults", {"rules": [{"kind": "500", "rate": 0.5}], "seed": seed})
        return [create(sandbox).status_code for _ in range(20)]

    first = pattern(7)
    assert set(first) == {200, 500}
    assert pattern(7) == first
    assert pattern(8) != first


def test_faults_are_shown_with_their_hits_and_ended_with_the_data(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", {"/v1/orders": {"kind": "429", "count": 2}})
    create(sandbox)
    rule = sandbox.get("/_test/faults")["rules"][0]
    assert (rule["kind"], rule["path"], rule["count"], rule["hits"]) == ("429", "/v1/orders", 2, 1)
    sandbox.client.delete("/_test/data")
    assert sandbox.get("/_test/faults")["rules"] == []


def test_the_test_calls_themselves_have_no_faults(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", [{"kind": "500"}])
    assert sandbox.client.get("/_test/ledger").status_code == 200


@pytest.mark.parametrize("wrong", [[{"kind": "fire"}], [{"kind": "500", "rate": "x"}], [{"kind": "500", "count": -1}]])
def test_a_fault_that_makes_no_sense_is_refused(sandbox: SandboxProcess, wrong: Any) -> None:
    error_of(sandbox.client.put("/_test/faults", json=wrong))


def test_the_python_sdk_sees_what_it_would_see_from_razorpay(sandbox: SandboxProcess) -> None:
    sdk = sandbox.sdk(KEY_ID, KEY_SECRET)
    sandbox.put("faults", [{"kind": "reset"}])
    with pytest.raises(requests.exceptions.ConnectionError):
        sdk.order.create(_BODY)
    sandbox.put("faults", [{"kind": "502"}])
    with pytest.raises(requests.exceptions.JSONDecodeError):
        sdk.order.create(_BODY)
