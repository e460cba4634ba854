"""Who calls: HTTP Basic with the key id and its secret."""

import base64
import binascii

from razorpay_sandbox.core.errors import unauthorised
from razorpay_sandbox.state.gateway import Gateway

_SCHEME = "Basic "


def account(gateway: Gateway, header: str | None, *, public: bool = False) -> str:
    """Return the account of an Authorization header; raises the 401 refusal.

    The scheme is spelt exactly ``Basic``. A ``public`` call is satisfied with the key id alone.
    """
    if header is None or not header.startswith(_SCHEME):
        raise unauthorised()
    try:
        key_id, colon, secret = base64.b64decode(header.removeprefix(_SCHEME), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise unauthorised() from None
    if not colon:
        raise unauthorised()
    if public and not secret:
        return gateway.account(key_id)
    return gateway.authenticate(key_id, secret)


def public_header(key_id: str) -> str:
    """Write the header of a call that knows the key id only."""
    return _SCHEME + base64.b64encode(f"{key_id}:".encode()).decode()
