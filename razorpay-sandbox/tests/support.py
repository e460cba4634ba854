"""A sandbox under test and a receiver for its webhooks: both real programs on real ports."""

import http.server
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import razorpay

from razorpay_sandbox import KeyPair
from razorpay_sandbox.testing import SandboxServer

KEY_ID = "rzp_test_AAAAAAAAAAAAAA"
KEY_SECRET = "sandbox_secret_0123456789ab"
OTHER_KEY_ID = "rzp_test_BBBBBBBBBBBBBB"
OTHER_KEY_SECRET = "another_secret_0123456789ab"
WEBHOOK_SECRET = "whsec_Example_42"

ROOT = Path(__file__).parents[1]

Found = TypeVar("Found")


def until(look: Callable[[], Found], patience: float = 30.0) -> Found:
    """Wait until `look` finds something true and return it."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.02)
    return found


class SandboxProcess(SandboxServer):
    """The sandbox under test, with two key pairs."""

    def __init__(self, data: Path, *options: str) -> None:
        other = ("--key", f"{OTHER_KEY_ID}:{OTHER_KEY_SECRET}")
        super().__init__(data, *other, *options, key=KeyPair(KEY_ID, KEY_SECRET), webhook_secret=WEBHOOK_SECRET)

    def sdk(self, key_id: str = KEY_ID, secret: str = KEY_SECRET) -> Any:
        """The official Python SDK, pointed here."""
        return razorpay.Client(auth=(key_id, secret), base_url=self.url)

    def attempt(self, order_id: str, **how: Any) -> httpx.Response:
        """Try to pay, and see the whole answer."""
        return self.client.post("/_test/pay", json={"order_id": order_id, **how})

    def paid(self, amount: int = 50_000, **how: Any) -> str:
        """Create an order, pay it and return the payment's id."""
        return str(self.pay(self.order(amount)["id"], **how)["razorpay_payment_id"])

    def get(self, path: str, **params: Any) -> Any:
        """Read something."""
        return self.client.get(path, params=params).raise_for_status().json()

    def fetch(self, path: str, **params: Any) -> Any:
        """Read something of the API."""
        return self.get(f"/v1/{path}", **params)

    def put(self, setting: str, value: Any) -> Any:
        """Set faults, webhooks, clock or switches."""
        return self.call("PUT", setting, value)


@contextmanager
def sandbox_process(data: Path, *options: str) -> Iterator[SandboxProcess]:
    """Run a sandbox for the length of a block."""
    running = SandboxProcess(data, *options)
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Received:
    """One webhook request as it arrived."""

    headers: dict[str, str]
    body: bytes
    at: float


class Receiver:
    """A merchant's webhook endpoint that answers what it is told to."""

    def __init__(self) -> None:
        self.requests: queue.Queue[Received] = queue.Queue()
        self.statuses: list[int] = []
        self.stall = 0.0
        self.path = "/webhooks/0"
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.path.partition("?")[0] != outer.path:  # a delivery of an earlier test that was still on its way
                    self._answer(200)
                    return
                # Decided before the test hears of the request: what it sets then is for the next one.
                stall, status = outer.stall, outer.statuses.pop(0) if outer.statuses else 200
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.put(Received(headers, body, time.time()))
                threading.Event().wait(stall)
                self._answer(status)

            def _answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens; another address after each reset."""
        return f"http://127.0.0.1:{self.server.server_port}{self.path}"

    def next(self, patience: float = 30.0) -> Received:
        """Wait for the next request."""
        return self.requests.get(timeout=patience)

    def reset(self) -> None:
        """Move to another address, forget what came and be friendly again."""
        self.path = f"/webhooks/{int(self.path.rpartition('/')[2]) + 1}"
        self.statuses, self.stall = [], 0.0
        while not self.requests.empty():
            self.requests.get()
