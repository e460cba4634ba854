"""The gateway: configuration, state, clock and account settings in one hand, for everything that acts on them."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from typing import Final

from razorpay_sandbox.core import ids
from razorpay_sandbox.core.config import SandboxConfig
from razorpay_sandbox.core.errors import malformed_id, unauthorised, unknown_id
from razorpay_sandbox.state.account_settings import AccountSettings
from razorpay_sandbox.state.clock import Clock
from razorpay_sandbox.state.delivery_policy import Carrier
from razorpay_sandbox.state.fault_rules import FaultRules
from razorpay_sandbox.state.keys import Keys
from razorpay_sandbox.state.store import Record, Store

PREFIXES: Final = {
    "order": "order",
    "payment": "pay",
    "refund": "rfnd",
    "customer": "cust",
    "settlement": "setl",
    "downtime": "down",
    "dispute": "disp",
    "offer": "offer",
    "card": "card",
}


class Gateway:
    """One sandbox's state. An account is known by the id of its first key."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.store = Store(config.data / "sandbox.sqlite3")
        self.clock = Clock(self.store)
        self.keys = Keys(self.store, config.keys)
        self.settings = AccountSettings.load(self.store)
        self.carrier = Carrier(self.store, config.retry_factor)
        self.faults = FaultRules()
        self.refunds_under_way: set[tuple[str, str]] = set()
        self.refunds_guard = threading.Lock()
        self.wake: Callable[[], None] = lambda: None

    def account(self, key_id: str) -> str:
        """Find whose a key is; raises the 401 refusal when there is no such key, or it does not work any more."""
        return self.keys.working(key_id, self.clock.precise()).account

    def authenticate(self, key_id: str, secret: str) -> str:
        """Check a key pair and return the account."""
        account = self.account(key_id)
        if not hmac.compare_digest(self.keys.get(key_id).secret.encode(), secret.encode()):
            raise unauthorised()
        return account

    def sign(self, key_id: str, message: str) -> str:
        """Sign with the key's secret, even if it works no more: HMAC-SHA256 in lower-case hex."""
        return hmac.new(self.keys.get(key_id).secret.encode(), message.encode(), hashlib.sha256).hexdigest()

    def new_id(self, kind: str) -> str:
        """Make an id for a new entity of this kind."""
        return ids.new(PREFIXES[kind], self.clock.precise())

    def find(self, kind: str, entity_id: str, account: str) -> Record:
        """Fetch an account's entity; refuses ids that are malformed, unknown or another account's."""
        if not ids.is_valid(entity_id, PREFIXES[kind]):
            raise malformed_id(entity_id)
        record = self.store.get(kind, entity_id, account)
        if record is None:
            raise unknown_id()
        return record
