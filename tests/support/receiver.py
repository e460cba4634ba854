"""Where a shopkeeper's alerts arrive: a small server of their own, which takes them or does something worse."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "alerts-of-a-test-shop"
PATH = "/hook/with-a-secret-in-it"
_ENOUGH = 64 * 1024 * 1024


@dataclass(frozen=True)
class Alert:
    """One POST as it came."""

    body: bytes
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = json.loads(self.body)
        return said


@dataclass
class Receiver:
    """The server; `says` is a status, or `redirect`, `hang` or `endless`."""

    port: int
    says: int | str = 200
    alerts: list[Alert] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: int = 0
    """Bytes of an endless answer that went out before the other side had enough."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The address, with what must not get into a log."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def settings(self) -> dict[str, str]:
        """What lets a shop send its alerts here."""
        return {"ALERT_WEBHOOK_URL": self.url, "ALERT_WEBHOOK_SECRET": SECRET}

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Return what the alerts of a kind say."""
        return [alert.said for alert in self.alerts if alert.said["kind"] == kind]


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """Receive alerts for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.path)
            receiver.alerts.append(Alert(body, self.headers.get("X-Alert-Signature", "")))
            match receiver.says:
                case "hang":
                    receiver.over.wait()
                case "redirect":
                    self.send_response(307)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()
                case "endless":
                    self._answer_without_end()
                case status:
                    self.send_response(int(status))
                    self.end_headers()

        def _answer_without_end(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while receiver.sent < _ENOUGH:
                    receiver.sent += self.wfile.write(bytes(64 * 1024))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
