"""The console's pages, its version and its calls, as they are served."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.support import OTHER_KEY_ID, OTHER_KEY_SECRET, SandboxProcess

_PAGES = [
    "/",
    "/console/payments",
    "/console/refunds",
    "/console/disputes",
    "/console/settlements",
    "/console/webhooks",
    "/console/faults",
    "/console/clock",
]


@pytest.mark.parametrize("path", _PAGES)
def test_every_page_is_shown_with_and_without_data(sandbox: SandboxProcess, path: str) -> None:
    empty = sandbox.client.get(path)
    assert (empty.status_code, "Test Mode" in empty.text) == (200, True)
    payment_id = sandbox.paid(12_345_600)
    sandbox.client.post(f"/v1/payments/{payment_id}/refund", json={"amount": 100, "speed": "optimum"})
    sandbox.client.get("/v1/settlements")
    sandbox.call("POST", "dispute", {"payment_id": payment_id, "reason": "not_received"})
    sandbox.put("webhooks", {"endpoint": "http://127.0.0.1:9/"})
    sandbox.attempt(sandbox.order()["id"], outcome="failure")
    sandbox.put("faults", [{"kind": "latency", "seconds": 0}])
    assert sandbox.client.get(path).status_code == 200
    sandbox.put("faults", [])


def test_an_order_is_shown_with_what_was_paid(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order(12_345_600)["id"]
    sandbox.attempt(order_id)
    page = sandbox.client.get(f"/console/orders/{order_id}").text
    assert "₹1,23,456.00" in page
    assert "captured" in page


def test_what_merchants_write_is_escaped(sandbox: SandboxProcess) -> None:
    sandbox.order(receipt="<script>alert(1)</script>")
    page = sandbox.client.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_console_runs_no_code_but_its_own(sandbox: SandboxProcess) -> None:
    policy = sandbox.client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_only_its_files_are_served(sandbox: SandboxProcess) -> None:
    page = sandbox.client.get("/").text
    names = re.findall(r'(?:src|href)="/console/([a-z]+\.(?:css|js))"', page)
    scripts = {"console.js", "live.js", "page.js", "morph.js"}
    assert set(names) == {"base.css", "content.css", "forms.css"} | scripts
    for name in names:
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert sandbox.client.get(f"/console/{name}").headers["content-type"].startswith(kind)
    for name in ("pages.py", "routes.py", "..%2Froutes.py", "%2e%2e%2fconfig.py"):
        assert sandbox.client.get(f"/console/{name}").status_code == 400


@pytest.mark.parametrize("kind", ["orders", "payments"])
def test_what_does_not_exist_has_no_page(sandbox: SandboxProcess, kind: str) -> None:
    assert sandbox.client.get(f"/console/{kind}/order_AAAAAAAAAAAAAA").status_code == 400


def test_a_page_says_what_needs_scripts(sandbox: SandboxProcess) -> None:
    assert "<noscript>" in sandbox.client.get("/").text


def version(sandbox: SandboxProcess) -> str:
    return sandbox.client.get("/console/version").text


def test_the_version_changes_with_whatever_a_page_shows(sandbox: SandboxProcess) -> None:
    order = sandbox.order()
    sandbox.put("webhooks", {"endpoint": None})
    seen = [version(sandbox)]
    changes: list[Callable[[], object]] = [
        sandbox.order,
        lambda: sandbox.attempt(order["id"], outcome="authorized"),
        lambda: sandbox.put("faults", [{"kind": "latency", "seconds": 0, "path": "/v1/orders"}]),
        lambda: sandbox.client.get("/v1/orders"),  # hits the fault
        lambda: sandbox.put("faults", []),
        lambda: sandbox.put("clock", {"offset": 60}),
        lambda: sandbox.put("switches", {"auto_capture": False}),
        lambda: sandbox.client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/", "events": ["order.paid"]}),
    ]
    for change in changes:
        change()
        seen.append(version(sandbox))
    assert all(earlier != later for earlier, later in pairwise(seen))


def test_a_page_carries_the_version_it_was_made_from(sandbox: SandboxProcess) -> None:
    sandbox.put("clock", {"offset": 0})
    before, page, after = version(sandbox), sandbox.client.get("/").text, version(sandbox)
    assert re.findall(r'data-version="(\w+)"', page)[0] in (before, after)  # a minute may end in between


def test_the_console_captures_and_refunds_for_whoever_owns_the_payment(sandbox: SandboxProcess) -> None:
    other = httpx.BasicAuth(OTHER_KEY_ID, OTHER_KEY_SECRET)
    body = {"amount": 5000, "currency": "INR", "payment_capture": 0}
    order = sandbox.client.post("/v1/orders", json=body, auth=other).json()
    payment_id = sandbox.attempt(order["id"]).json()["razorpay_payment_id"]
    named = {"payment_id": payment_id}
    captured = httpx.post(f"{sandbox.url}/console/capture", json=named)
    assert (captured.status_code, captured.json()["status"]) == (200, "captured")
    assert httpx.post(f"{sandbox.url}/console/refund", json={**named, "amount": 1000}).json()["amount"] == 1000
    assert httpx.post(f"{sandbox.url}/console/refund", json=named).json()["amount"] == 4000
    assert sandbox.client.get(f"/v1/payments/{payment_id}", auth=other).json()["status"] == "refunded"


@pytest.mark.parametrize("call", ["capture", "refund", "fault"])
@pytest.mark.parametrize("body", [{}, {"payment_id": 5, "kind": 5}, {"payment_id": "pay_AAAAAAAAAAAAAA"}, [], 5])
def test_a_call_of_the_console_that_makes_no_sense_is_refused(sandbox: SandboxProcess, call: str, body: Any) -> None:
    assert sandbox.client.post(f"/console/{call}", json=body).status_code == 400
    assert sandbox.get("/_test/faults")["rules"] == []


@pytest.mark.parametrize("path", ["/console/capture", "/console/refund", "/console/fault"])
def test_another_sites_page_cannot_do_what_the_console_does(sandbox: SandboxProcess, path: str) -> None:
    answer = httpx.post(sandbox.url + path, json={}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert httpx.get(f"{sandbox.url}/console/version", headers={"host": "evil.example"}).status_code == 403


def test_a_fault_is_added_to_those_that_have_hit(sandbox: SandboxProcess) -> None:
    sandbox.put("faults", {"rules": [{"kind": "latency", "seconds": 0, "path": "/v1/orders"}], "seed": 7})
    sandbox.get("/v1/orders")
    sandbox.client.post("/console/fault", json={"kind": "429", "path": "/v1/refunds", "count": None})
    told = sandbox.get("/_test/faults")
    assert [(rule["kind"], rule["hits"]) for rule in told["rules"]] == [("latency", 1), ("429", 0)]
    assert told["seed"] == 7
    sandbox.put("faults", [])
