"""What the log tells: calls, deliveries and faults, one line each, in a form for people or for programs."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import KEY_SECRET, ROOT, WEBHOOK_SECRET, Receiver, SandboxProcess, sandbox_process, until

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """A sandbox that writes its log as JSON."""
    with sandbox_process(tmp_path_factory.mktemp("telling"), "--log-format", "json") as running:
        yield running


def lines(running: SandboxProcess) -> list[dict[str, Any]]:
    """Read the log's whole lines, not one that is being written; above it stands what stdout says to people."""
    _, _, told = running.log.read_text().partition("Ctrl-C ends it; the state stays.\n")
    whole, _, _ = told.rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def heard(running: SandboxProcess, **like: Any) -> list[dict[str, Any]]:
    """Return the lines that say this, once there are any."""
    return until(lambda: [line for line in lines(running) if like.items() <= line.items()])


def test_a_call_is_told_with_its_answer_and_its_order(telling: SandboxProcess) -> None:
    order_id = telling.order()["id"]
    telling.fetch(f"orders/{order_id}", **{"expand[]": "s3cret"})
    [created] = heard(telling, event="call", method="POST", path="/v1/orders", order_id=order_id)
    assert re.fullmatch(TIME, created["time"])
    assert list(created)[:4] == ["time", "level", "logger", "event"]
    assert (created["level"], created["status"], type(created["ms"])) == ("info", 200, int)
    assert heard(telling, event="call", method="GET", path=f"/v1/orders/{order_id}", order_id=order_id)
    telling.client.get("/v1/orders/order_unknown")
    assert heard(telling, event="call", path="/v1/orders/order_unknown", status=400)
    assert "s3cret" not in telling.log.read_text()


def test_a_fault_that_strikes_is_told(telling: SandboxProcess) -> None:
    telling.set_faults({"kind": "502", "path": "/v1/payments", "count": 1})
    telling.client.get("/v1/payments")
    assert heard(telling, event="fault struck", kind="502", method="GET", path="/v1/payments")
    assert heard(telling, event="call", path="/v1/payments", status=502)


def test_a_webhook_is_told_when_it_is_delivered_and_when_it_is_not(telling: SandboxProcess, receiver: Receiver) -> None:
    receiver.statuses = [500]
    telling.send_webhooks_to(receiver.url, factor=0.01)
    order_id = telling.order()["id"]
    telling.pay(order_id)
    [refused] = heard(telling, event="webhook not taken", order_id=order_id, status=500)
    assert refused["attempt"] == 1
    assert heard(telling, event="webhook delivered", event_id=refused["event_id"], attempt=2, status=200)


def test_nothing_that_a_caller_sends_makes_a_line_of_its_own(telling: SandboxProcess) -> None:
    telling.client.get("/v1/%1b[2J%0a%22forged%22" + "x" * 5000)
    [line] = until(lambda: [line for line in lines(telling) if line["event"] == "call" and "forged" in line["path"]])
    assert line["path"].startswith('/v1/\\x1b[2J\\n"forged"')
    assert len(line["path"]) < 1100


def test_no_secret_is_told(telling: SandboxProcess) -> None:
    order_id = telling.order()["id"]
    assert heard(telling, event="call", order_id=order_id)
    text = telling.log.read_text()
    assert KEY_SECRET not in text
    assert WEBHOOK_SECRET not in text


def test_without_being_told_otherwise_it_writes_for_people(sandbox: SandboxProcess) -> None:
    order_id = sandbox.order()["id"]
    pattern = rf"{TIME} \[info +\] call \[razorpay_sandbox\.server\.call_log\] .* order_id={order_id}"
    assert until(lambda: re.search(pattern, sandbox.log.read_text()))


def test_another_form_is_refused_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "razorpay_sandbox", "--data", str(tmp_path / "data"), "--log-format", "xml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "--log-format: invalid choice: 'xml'" in done.stderr
    assert not (tmp_path / "data").exists()
