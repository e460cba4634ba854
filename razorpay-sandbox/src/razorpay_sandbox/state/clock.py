"""The sandbox's clock: real time plus an offset that tests move."""

import time

from razorpay_sandbox.state.store import Store

_SETTING = "clock_offset"


class Clock:
    """Tells the sandbox's time in unix seconds; the offset is kept across restarts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = float(store.setting(_SETTING) or 0)

    @property
    def offset(self) -> float:
        """Seconds the sandbox is ahead of real time."""
        return self._offset

    def move(self, offset: float) -> None:
        """Set the offset."""
        self._store.keep_setting(_SETTING, offset)
        self._offset = offset

    def precise(self) -> float:
        """Now, with fractions."""
        return time.time() + self._offset

    def now(self) -> int:
        """Now, in whole seconds, as entities carry it."""
        return int(self.precise())
