"""Starting it from a shell, and keeping its own pages to this machine."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support import ROOT, SandboxProcess, sandbox_process, until


def start(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "razorpay_sandbox", "--data", str(tmp_path / "data"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(
    ("key_id", "secret", "webhook_secret", "sentence"),
    [
        ("rzp_live_AAAAAAAAAAAAAA", "s", "w", "a key that begins with rzp_live_ is refused"),
        ("something", "s", "w", "begins with rzp_test_"),
        ("rzp_test_AAAAAAAAAAAAAA", "", "w", "has no secret"),
        ("rzp_test_AAAAAAAAAAAAAA", "s", "", "needs a webhook secret"),
    ],
)
def test_it_refuses_to_start_with_a_sentence(
    tmp_path: Path, key_id: str, secret: str, webhook_secret: str, sentence: str
) -> None:
    done = start(tmp_path, "--key-id", key_id, "--key-secret", secret, "--webhook-secret", webhook_secret)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/_test/ledger"), ("PUT", "/_test/clock"), ("GET", "/")])
def test_other_sites_and_other_names_cannot_drive_it(
    sandbox: SandboxProcess, headers: dict[str, str], method: str, path: str
) -> None:
    answer = httpx.request(method, sandbox.url + path, headers=headers, json={"offset": 9}, trust_env=False)
    assert answer.status_code == 403
    assert sandbox.get("/_test/clock")["offset"] == 0


def test_its_own_page_may_drive_it(sandbox: SandboxProcess) -> None:
    headers = {"origin": sandbox.url, "sec-fetch-site": "same-origin"}
    assert sandbox.client.put("/_test/clock", json={"offset": 0}, headers=headers).status_code == 200
    localhost = sandbox.url.replace("127.0.0.1", "localhost")
    assert httpx.get(f"{localhost}/_test/clock", trust_env=False).status_code == 200


def test_a_hanging_call_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with sandbox_process(tmp_path) as running:
        running.put("faults", [{"kind": "hang"}])
        with socket.create_connection(("127.0.0.1", running.port)) as line:
            line.sendall(b"GET /v1/orders HTTP/1.1\r\nHost: localhost\r\n\r\n")
            until(lambda: running.get("/_test/faults")["rules"][0]["hits"])
            running.process.terminate()
            assert running.process.wait(30) is not None


@pytest.mark.parametrize(
    "switches", [{"nonsense": 1}, {"auto_capture": "yes"}, {"refunds": "lost"}, {"methods": {"cash": True}}]
)
def test_a_switch_that_does_not_exist_is_refused(sandbox: SandboxProcess, switches: dict[str, object]) -> None:
    before = sandbox.get("/_test/switches")
    assert sandbox.client.put("/_test/switches", json=switches).status_code == 400
    assert sandbox.get("/_test/switches") == before


def test_a_method_that_is_switched_off_is_not_offered(sandbox: SandboxProcess) -> None:
    sandbox.put("switches", {"methods": {"upi": False}})
    assert sandbox.get("/v1/methods")["upi"] is False
    refusal = sandbox.attempt(sandbox.order()["id"], method="upi").json()["error"]
    assert refusal["reason"] == "payment_method_not_enabled"
