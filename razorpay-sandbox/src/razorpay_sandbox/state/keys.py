"""Which keys work and whose they are: those it was started with, and what regenerating makes of them."""

import hmac
import secrets
import string
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from razorpay_sandbox.core import ids
from razorpay_sandbox.core.config import KeyPair
from razorpay_sandbox.core.errors import unauthorised
from razorpay_sandbox.state.store import Store

_SETTING: Final = "keys"
_LETTERS: Final = string.ascii_letters + string.digits
_LENGTH: Final = 24


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its secret, the account it belongs to, and until when it works; None for ever."""

    id: str
    secret: str
    account: str
    until: float | None = None


class Keys:
    """All keys there ever were, the newest of an account last. Kept across restarts."""

    def __init__(self, store: Store, configured: Sequence[KeyPair]) -> None:
        self._store = store
        self._configured = {pair.id: Key(pair.id, pair.secret, pair.id) for pair in configured}
        kept = (Key(**each) for each in store.setting(_SETTING) or ())
        self._known = {**self._configured, **{key.id: key for key in kept}}

    def get(self, key_id: str) -> Key:
        """Find a key, also one that has ended; raises the 401 refusal."""
        for key in self._known.values():
            if hmac.compare_digest(key.id.encode(), key_id.encode()):
                return key
        raise unauthorised()

    def working(self, key_id: str, now: float) -> Key:
        """Find a key that works now; raises the 401 refusal."""
        key = self.get(key_id)
        if key.until is not None and key.until <= now:
            raise unauthorised()
        return key

    def newest(self, account: str) -> Key:
        """Find the key that an account has now."""
        return [key for key in self._known.values() if key.account == account][-1]

    def regenerate(self, account: str, now: float, grace: float) -> Key:
        """Make another key for an account; the one it has now works for ``grace`` seconds more."""
        secret = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        last, made = replace(self.newest(account), until=now + grace), Key(ids.new("rzp_test", now), secret, account)
        self._keep({**self._known, last.id: last, made.id: made})
        return made

    def reset(self) -> None:
        """Go back to those it was started with."""
        self._keep(self._configured)

    def _keep(self, known: dict[str, Key]) -> None:
        changed = [asdict(key) for key in known.values() if key != self._configured.get(key.id)]
        self._store.keep_setting(_SETTING, changed)
        self._known = known
