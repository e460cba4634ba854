"""Starting it from a shell: what it says, what it refuses, how it ends."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support import ROOT, SandboxProcess, sandbox_process, until

COMMAND = [sys.executable, "-m", "razorpay_sandbox"]
DEFAULT_SECRET = "thisisnosecret0000000001"


def start(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--data", str(tmp_path / "data"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def start_and_end(tmp_path: Path, end: signal.Signals, *arguments: str) -> tuple[str, str, int]:
    """Start it, end it once it has greeted, and answer its two outputs and how it ended."""
    command = [*COMMAND, "--data", str(tmp_path / "data"), "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        greeting = "".join(iter(process.stdout.readline, "Ctrl-C ends it; the state stays.\n"))
        address = re.findall(r"API +(\S+)", greeting)[0]
        until(lambda: answers(address))
        process.send_signal(end)
        said, complained = process.communicate(timeout=30)
        return greeting + said, complained, process.returncode


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_test/clock", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_it_says_once_where_everything_is_and_ends_without_a_word(tmp_path: Path) -> None:
    said, complained, code = start_and_end(tmp_path, signal.SIGINT)
    assert (complained, code) == ("", 0)
    for line in (
        r"Console   http://127\.0\.0\.1:\d+/",
        r"Script    http://127\.0\.0\.1:\d+/v1/checkout\.js",
        r"Key       rzp_test_Sandbox0000001",
        rf"Secret    {DEFAULT_SECRET}",
        rf"State     {re.escape(str(tmp_path / 'data'))}",
    ):
        assert len(re.findall(rf"^  {line}$", said, re.MULTILINE)) == 1, said


def test_a_secret_of_ones_own_is_not_repeated(tmp_path: Path) -> None:
    own = ("--key-secret", "the-secret-of-my-own", "--token", "let-the-test-runner-in", "--webhook-secret", "whsec_own")
    said, complained, _ = start_and_end(tmp_path, signal.SIGTERM, *own)
    assert "the one you gave it" in said
    assert not any(each in said + complained for each in (own[1], own[3], own[5], DEFAULT_SECRET))


def test_an_address_that_means_everywhere_is_told_as_one_that_works(tmp_path: Path) -> None:
    said, _, _ = start_and_end(tmp_path, signal.SIGTERM, "--host", "0.0.0.0")  # noqa: S104  # what is tested
    assert "Console   http://127.0.0.1:" in said


def test_help_names_every_option_with_what_it_is_by_itself(tmp_path: Path) -> None:
    done = start(tmp_path, "--help")
    assert done.returncode == 0
    told = " ".join(done.stdout.split())
    for default in ("127.0.0.1", "9900", ".razorpay-sandbox", "rzp_test_Sandbox0000001", "whsec_sandbox", "1.0"):
        assert f"(default: {default}" in told
    documented = set(re.findall(r"`(--[a-z-]+)", (ROOT / "README.md").read_text()))
    assert set(re.findall(r"--[a-z-]+", told)) - {"--help", "--version"} == documented


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "70000"), "a port is a number from 0 to 65535, not 70000"),
        (("--port", "-1"), "a port is a number from 0 to 65535, not -1"),
        (("--port", "http"), "a port is a number from 0 to 65535, not http"),
        (("--retry-factor", "nan"), "must be a number above 0"),
        (("--retry-factor", "inf"), "must be a number above 0"),
        (("--host", "nowhere.invalid"), "cannot listen on nowhere.invalid, port 9900:"),
        (("--host", "not..a.host"), "cannot listen on"),
        (("--host", "203.0.113.9"), "cannot listen on 203.0.113.9, port 9900: Cannot assign requested address."),
        (("--data", "/dev/null/data"), "cannot keep its state in /dev/null/data: Not a directory."),
        (("--webhook-url", "example.com/hook"), "begins with http:// or https://, not example.com/hook"),
        (("--webhook-url", "http://"), "begins with http:// or https://"),
        (("--allow-host", "sandbox:9900"), "a name such as sandbox, without a port; 'sandbox:9900' is none"),
        (("--allow-host", ""), "a name such as sandbox, without a port; '' is none"),
        (("--token", "short"), "A token has 16 to 200 characters"),
        (("--token", "a token with spaces in it"), "none of them a space"),
        (("--key", "rzp_test_Sandbox0000001:again"), "Two key pairs of the sandbox have the same id."),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_in_words(
    tmp_path: Path, arguments: tuple[str, str], sentence: str
) -> None:
    done = start(tmp_path, *arguments)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken_is_refused_before_anything_is_written(sandbox: SandboxProcess, tmp_path: Path) -> None:
    done = start(tmp_path, "--port", str(sandbox.port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"The sandbox cannot listen on 127.0.0.1, port {sandbox.port}: Address already in use.\n"
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sandbox.sqlite3").write_text("This is no database." * 100)
    done = start(tmp_path, "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot keep its state in" in done.stderr
    assert "Traceback" not in done.stderr


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
