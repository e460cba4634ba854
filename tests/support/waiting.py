"""Waiting for a condition, never for a length of time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 40.0
"""Seconds until a condition that has not come true is taken for one that never will."""
_BETWEEN_LOOKS = threading.Event()  # never set: it only paces the looks


def until(look: Callable[[], Found], what: str = "the condition") -> Found:
    """Look until something true is found and return it; fails, naming `what`, when the deadline passes."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        _BETWEEN_LOOKS.wait(0.02)
    return found
