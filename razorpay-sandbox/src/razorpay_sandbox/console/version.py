"""Whether anything that a page shows has changed since it was shown."""

import hashlib
import secrets

from razorpay_sandbox.state.gateway import Gateway


class Version:
    """Tells versions of all the console shows: another text after any change, after a minute and after a restart."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._born = secrets.token_hex(8)

    def now(self) -> str:
        """Return the version of this moment. Taken before a page is written, it is never newer than the page."""
        gateway = self._gateway
        minute = gateway.clock.now() // 60
        seen = (self._born, gateway.store.changes, minute, gateway.faults.rules)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
