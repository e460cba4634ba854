"""How long answers are waited for: one look at all that are awaited instead of a timer for each.

A timer costs as much as the rest of what is done here for a statement, and next to none of them ever goes off.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Line = TypeVar("Line")

_EVERY = 0.5
"""Seconds between two looks: so much longer than it was to be may an answer be waited for."""


class Patience(Generic[Line]):
    """Hangs up on lines whose answer does not come in time."""

    def __init__(self, hang_up: Callable[[Line], None]) -> None:
        self._hang_up = hang_up
        self._until: dict[Line, float] = {}
        self._next_look: asyncio.TimerHandle | None = None

    def begin(self, line: Line, seconds: float) -> None:
        """Wait for an answer on a line for so long."""
        loop = asyncio.get_running_loop()
        self._until[line] = loop.time() + seconds
        if self._next_look is None:
            self._next_look = loop.call_later(_EVERY, self._look)

    def __contains__(self, line: Line) -> bool:
        """Tell whether an answer is still awaited: what was hung up on is not."""
        return line in self._until

    def end(self, line: Line) -> None:
        """Wait no longer."""
        self._until.pop(line, None)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        late = [line for line, until in self._until.items() if until <= loop.time()]
        for line in late:
            del self._until[line]
            self._hang_up(line)
        self._next_look = loop.call_later(_EVERY, self._look) if self._until else None
