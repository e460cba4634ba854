"""The pytest plugin in the tests of another project: what its fixture gives, and that no test sees another's traces."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRACES = """
import httpx

def test_that_leaves_traces(razorpay_sandbox):
    box = razorpay_sandbox
    paid = box.pay(box.order(5000, receipt="left-behind")["id"])
    box.client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/own", "events": ["order.paid"], "secret": "own"})
    box.send_webhooks_to("http://127.0.0.1:9/", drop=1, delay=9)
    box.call("PUT", "webhooks", {"secret": "another-secret"})
    box.call("PUT", "switches", {"auto_capture": False, "max_amount": 100})
    box.set_clock(86_400)
    box.set_faults({"kind": "500"})
    assert box.client.get("/v1/orders").status_code == 500

def test_that_finds_none(razorpay_sandbox):
    box = razorpay_sandbox
    assert box.client.get("/v1/orders").json()["count"] == 0
    ledger = box.ledger()
    assert (ledger["orders"], ledger["payments"], ledger["totals"]["captured"]) == ([], [], 0)
    webhooks = box.call("GET", "webhooks")
    assert (webhooks["endpoint"], webhooks["drop"], webhooks["delay"], webhooks["deliveries"]) == (None, 0, 0, [])
    assert len(webhooks["endpoints"]) == 1
    assert box.call("GET", "clock")["offset"] == 0
    assert box.call("GET", "faults")["rules"] == []
    assert box.call("GET", "switches")["auto_capture"] is True
    assert box.pay(box.order(50_000)["id"])["razorpay_payment_id"]
    assert httpx.get(box.script).headers["content-type"].startswith("text/javascript")
"""
ENDED = """
import pytest

@pytest.mark.parametrize("end", ["kill", "stop", "kill"])
def test_that_ends_it(razorpay_sandbox, end):
    order = razorpay_sandbox.order(5000)
    getattr(razorpay_sandbox, end)()
    if end == "stop":
        return
    razorpay_sandbox.start()
    assert razorpay_sandbox.client.get(f"/v1/orders/{order['id']}").json() == order
    razorpay_sandbox.kill()

def test_that_finds_it_running(razorpay_sandbox):
    assert razorpay_sandbox.client.get("/v1/orders").json()["count"] == 0
"""
WORKERS = """
import json, os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
def test_in_some_worker(razorpay_sandbox, number):
    razorpay_sandbox.order(5000)
    assert len(razorpay_sandbox.ledger()["orders"]) == 1
    told = [os.environ.get("PYTEST_XDIST_WORKER"), razorpay_sandbox.url, razorpay_sandbox.process.pid]
    pathlib.Path(__file__).with_name(f"{number}.json").write_text(json.dumps(told))
"""


def run(folder: Path, tests: str, *options: str) -> str:
    """Run another project's tests in a pytest of their own."""
    (folder / "test_project.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["-p", "no:schemathesis", "-p", "no:playwright"]  # which take their time, and that project has not
    done = subprocess.run(
        [*command, "--rootdir", str(folder), *options, str(folder)],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(folder: Path) -> list[list[str | int | None]]:
    return [json.loads(path.read_text()) for path in folder.glob("*.json")]


def is_running(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except ProcessLookupError:
        return False
    return True


def test_two_tests_see_nothing_of_each_other(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, TRACES)


def test_a_sandbox_that_a_test_ended_is_there_for_the_next(tmp_path: Path) -> None:
    assert "4 passed" in run(tmp_path, ENDED)


def test_all_tests_share_one_process_that_ends_with_them(tmp_path: Path) -> None:
    assert "6 passed" in run(tmp_path, WORKERS)
    assert len({str(each) for each in told(tmp_path)}) == 1
    assert not is_running(told(tmp_path)[0][2])


def test_each_worker_of_xdist_has_its_own(tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    assert "6 passed" in run(tmp_path, WORKERS, "-n", "2", "--dist", "load")
    workers = {each[0] for each in told(tmp_path)}
    assert workers == {"gw0", "gw1"}
    assert len({str(each) for each in told(tmp_path)}) == 2
    assert not any(is_running(each[2]) for each in told(tmp_path))
