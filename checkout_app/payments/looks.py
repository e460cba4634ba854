"""Looks at the gateway that people set off: one at a time for an order, and one in two seconds, however many ask.

Whoever only reads is told what the last look found, if that is so young; who acts on the answer waits for the next one,
which all share who came since. Nothing is kept of an order at which nobody looked lately.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

PACE: Final = 2.0
"""Seconds from the beginning of one look at an order to that of the next."""


@dataclass(frozen=True, slots=True)
class _Look:
    began: float
    task: asyncio.Task[bool]


class Looks:
    """The looks of one process; `look` asks the gateway about an order and answers whether it told everything."""

    def __init__(self, look: Callable[[str], Awaitable[bool]]) -> None:
        self._look = look
        self._last: dict[str, _Look] = {}

    async def lately(self, order_id: str) -> bool:
        """Look at an order, or take the answer of a look that is under way or was begun within the pace."""
        last = self._last.get(order_id)
        return await asyncio.shield(last.task if last else self._begin(order_id))

    async def from_now_on(self, order_id: str) -> bool:
        """Look at an order, not before the pace allows it; the answer is of a look that begins only now or later."""
        came = asyncio.get_running_loop().time()
        while last := self._last.get(order_id):
            if last.began > came:
                return await asyncio.shield(last.task)
            await asyncio.wait([last.task])
            await asyncio.sleep(max(0.0, last.began + PACE - asyncio.get_running_loop().time()))
            if self._last.get(order_id) is last:
                del self._last[order_id]
        return await asyncio.shield(self._begin(order_id))

    def _begin(self, order_id: str) -> "asyncio.Task[bool]":
        loop = asyncio.get_running_loop()
        look = _Look(loop.time(), asyncio.ensure_future(self._look(order_id)))
        self._last[order_id] = look
        look.task.add_done_callback(lambda _: loop.call_at(look.began + PACE, self._forget, order_id, look))
        return look.task

    def _forget(self, order_id: str, look: _Look) -> None:
        if self._last.get(order_id) is look:
            del self._last[order_id]
