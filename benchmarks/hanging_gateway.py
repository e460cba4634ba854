"""How much sooner a pile of webhooks is handled several at a time, while some of the gateway's answers are slow.

Run as `.venv/bin/python -m benchmarks.hanging_gateway`. Prints a ratio: seconds themselves say more about the machine.
"""

import asyncio
import json
import tempfile
import time
from itertools import count
from pathlib import Path

from checkout_app.core import concurrency
from checkout_app.payments import webhooks
from checkout_app.payments.gateway.line import Answer, Line, Request
from tests.support.histories import History
from tests.support.inside import running_inside

EVENTS = 100
SLOW_SECONDS = 1.0
EVERY = 20


class SlowLine:
    """A line on which every so-manieth answer takes its time."""

    def __init__(self, inner: Line) -> None:
        self._inner = inner
        self._calls = count(1)

    async def carry(self, request: Request) -> Answer:
        """Carry one request."""
        if next(self._calls) % EVERY == 0:
            await asyncio.sleep(SLOW_SECONDS)
        return await self._inner.carry(request)

    async def aclose(self) -> None:
        """Let go of the line beneath."""
        await self._inner.aclose()


async def seconds_with(history: History, number: int) -> float:
    """Handle a pile of webhooks about one paid order, so many at a time."""
    concurrency.CONCURRENCY = number
    event = json.loads(history.inside.events()[-1][1])
    for index in range(EVENTS):
        body = json.dumps(event | {"id": f"{number} at a time, event {index}"})
        await webhooks.receive(body.encode(), "")
    started, handled = time.monotonic(), 0
    while handled < EVENTS:
        handled += await webhooks.handle_due()
    return time.monotonic() - started


async def main() -> None:
    """Measure one at a time against several, on the same pile."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.db"
        async with running_inside(Path(folder), url) as inside:
            history = History(inside)
            await history.begin(on_hand=3, twice=False)
            await history.live(("attempt", 0, "success"), ("callback", 0, ""))
            inside.line.inner = SlowLine(inside.line.inner)
            several = concurrency.CONCURRENCY
            alone, together = await seconds_with(history, 1), await seconds_with(history, several)
    print(f"{several} at a time, {EVENTS} webhooks are handled {alone / together:.1f} times as fast as one by one")


if __name__ == "__main__":
    asyncio.run(main())
