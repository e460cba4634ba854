"""The console's pages, as they are served."""

import pytest

from tests.support import SandboxProcess

_PAGES = [
    "/",
    "/console/payments",
    "/console/refunds",
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


def test_only_its_two_files_are_served(sandbox: SandboxProcess) -> None:
    assert sandbox.client.get("/console/console.css").headers["content-type"].startswith("text/css")
    for name in ("pages.py", "..%2Fstore.py", "%2e%2e%2fconfig.py"):
        assert sandbox.client.get(f"/console/{name}").status_code == 400
