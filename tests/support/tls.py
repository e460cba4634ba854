"""Where https ends: speaks TLS on one port and says the same in the clear on another."""

import ssl
from contextlib import AbstractContextManager

from tests.support.listening import listening, pass_on
from tests.support.wire import CERTIFICATE


def tls_in_front_of(port: int, at: int) -> AbstractContextManager[None]:
    """Listen for the length of a block, with a certificate that nobody has signed."""
    security = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    security.load_cert_chain(CERTIFICATE)
    return listening(at, lambda reader, writer: pass_on(reader, writer, port), security)
