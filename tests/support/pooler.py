"""What tells a pooler from a database: it answers for it, and names another process than the one that serves."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

from sqlalchemy.engine import make_url

_PROCESS, _READY = b"K", b"Z"
"""Messages of the server: which process it is, and that it waits for a question."""
_LONGEST = 65536


@contextmanager
def pooling(url: str) -> Iterator[str]:
    """Stand between clients and a database for the length of a block; yields the URL that leads through here."""
    behind = make_url(url)
    door = f"{behind.query['host']}/.s.PGSQL.{behind.port or 5432}"

    class Client(BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(door)
                asking = threading.Thread(target=_pass_on, args=(self.request, server))
                asking.start()
                _greet(server, self.request)
                _pass_on(server, self.request)
                asking.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Client) as listening:
        threading.Thread(target=listening.serve_forever).start()
        try:
            through = behind.set(host="127.0.0.1", port=listening.server_address[1], query={"sslmode": "disable"})
            yield through.render_as_string(hide_password=False)
        finally:
            listening.shutdown()


def _greet(server: socket.socket, client: socket.socket) -> None:
    """Pass on what the server says until it is ready, but for its process."""
    with server.makefile("rb") as said:
        kind = b""
        while kind != _READY:
            kind, [length] = said.read(1), struct.unpack("!i", said.read(4))
            body = said.read(length - 4)
            if kind == _PROCESS:
                [process] = struct.unpack("!i", body[:4])
                body = struct.pack("!i", process + 1) + body[4:]
            client.sendall(kind + struct.pack("!i", length) + body)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    while heard := one.recv(_LONGEST):
        other.sendall(heard)
    other.shutdown(socket.SHUT_WR)
