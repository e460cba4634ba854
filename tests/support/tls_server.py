"""What speaks TLS in front of a PostgreSQL server that can't, the way PostgreSQL does."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

_CERTIFICATE = Path(__file__).with_name("localhost.pem")
_ASKS_FOR_TLS = struct.pack("!ii", 8, 80877103)
_AS_MUCH = 65536


@contextmanager
def speaking_tls(server: str) -> Iterator[str]:
    """Speak TLS, and only TLS, for a server for the length of a block; the URL of its default database."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=_accept, args=(listening, _address(server)), daemon=True)
        accepting.start()
        yield f"postgres://postgres@127.0.0.1:{listening.getsockname()[1]}/postgres"
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()


def _address(server: str) -> str:
    """Return the file of a server's own socket."""
    return f"{make_url(server).query['host']}/.s.PGSQL.{make_url(server).port or 5432}"


def _accept(listening: socket.socket, address: str) -> None:
    with suppress(OSError):  # nobody listens any more
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_serve, args=(connection, address), daemon=True).start()


def _serve(connection: socket.socket, address: str) -> None:
    with connection, socket.socket(socket.AF_UNIX) as server:
        if connection.recv(len(_ASKS_FOR_TLS)) != _ASKS_FOR_TLS:
            return
        connection.sendall(b"S")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_CERTIFICATE)
        with context.wrap_socket(connection, server_side=True) as secured:
            server.connect(address)
            back = threading.Thread(target=_carry, args=(server, secured), daemon=True)
            back.start()
            _carry(secured, server)
            back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # one side hung up
        while said := source.recv(_AS_MUCH):
            target.sendall(said)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
