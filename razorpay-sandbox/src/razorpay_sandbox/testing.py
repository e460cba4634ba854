"""A sandbox for tests: a real process on a port of its own, with what buyers, banks and networks do as methods."""

import random
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx

from razorpay_sandbox.core.config import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, KeyPair

_PATIENCE: Final = 60.0
_PORTS: Final = range(20_000, 32_000)
"""Below those that systems give to outgoing connections, so that a restarted server finds its port free."""


def free_port() -> int:
    """Find a port that nothing listens on."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("Every port is taken.")


class SandboxServer:
    """The sandbox as a process of its own. ``client`` speaks to it with the first key pair, ``script`` is checkout's.

    Starting waits until it answers; raises RuntimeError with the end of its log when it does not.
    """

    def __init__(
        self,
        data: Path,
        *options: str,
        key: KeyPair = KeyPair(KEY_ID, KEY_SECRET),  # noqa: B008  # frozen
        webhook_secret: str = WEBHOOK_SECRET,
    ) -> None:
        self.data = data
        self.key = key
        self.webhook_secret = webhook_secret
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.script = f"{self.url}/v1/checkout.js"
        self.log = data / "sandbox.log"
        self.client = self._connect()
        self._options: Sequence[str] = (
            *("--port", str(self.port), "--data", str(data)),
            *("--key-id", key.id, "--key-secret", key.secret, "--webhook-secret", webhook_secret),
            *options,
        )
        data.mkdir(parents=True, exist_ok=True)
        self.start()

    def _connect(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=(self.key.id, self.key.secret), timeout=30, trust_env=False)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def start(self) -> None:
        """Start it on its port and its data, and wait until it answers; also again, after ``kill`` and ``stop``."""
        if self.client.is_closed:
            self.client = self._connect()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, "-m", "razorpay_sandbox", *self._options],
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self.is_running:
            try:
                self.client.get("/_test/clock").raise_for_status()
            except httpx.TransportError:
                time.sleep(0.02)  # the port is not open yet
            else:
                return
        self.kill()
        raise RuntimeError(f"The sandbox did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """Pull the plug: SIGKILL. The data stays; ``start`` goes on with it."""
        self.process.kill()
        self.process.wait(_PATIENCE)

    def stop(self) -> None:
        """Ask it to end; one that does not obey is killed."""
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Do one of the calls of ``/_test``, such as ``call("POST", "pay", {...})``; raises when it is refused."""
        return self.client.request(method, f"/_test/{path}", json=body).raise_for_status().json()

    def order(self, amount: int = 50_000, **fields: Any) -> Any:
        """Create an order the way a merchant's server does; the amount is in paise."""
        body = {"amount": amount, "currency": "INR", **fields}
        return self.client.post("/v1/orders", json=body).raise_for_status().json()

    def pay(self, order_id: str, **how: Any) -> Any:
        """Do what a buyer does in checkout: answers what its handler receives, signed, or the error envelope.

        ``how`` takes ``method``, ``outcome`` and ``reason`` as ``/_test/pay`` does.
        """
        return self.client.post("/_test/pay", json={"order_id": order_id, **how}).json()

    def set_faults(self, *rules: Mapping[str, Any], seed: int = 0) -> None:
        """Replace the faults; none at all ends them."""
        self.call("PUT", "faults", {"rules": list(rules), "seed": seed})

    def set_clock(self, offset: float) -> None:
        """Set the clock to so many seconds from now; what becomes due by that has happened afterwards."""
        self.call("PUT", "clock", {"offset": offset})

    def send_webhooks_to(self, url: str | None, **policy: Any) -> None:
        """Set where events go, and the delivery policy: ``drop``, ``duplicate``, ``delay``, ``reorder``, ``factor``."""
        self.call("PUT", "webhooks", {"endpoint": url, **policy})

    def ledger(self) -> Any:
        """Read every order, payment and refund with their totals, to compare with a shop's own books."""
        return self.call("GET", "ledger")

    def clear(self) -> None:
        """Forget everything, end all faults, put the clock back and send webhooks nowhere."""
        self.call("DELETE", "data")
        self.call("PUT", "webhooks", {"endpoint": None, "secret": self.webhook_secret})
