"""Background work: lets time pass and sends what is owed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from checkout_app.sandbox import lifecycle
from checkout_app.sandbox.gateway import Gateway

_LONGEST_SLEEP: Final = 30.0


class Worker:
    """Sleeps until something is due or somebody calls ``gateway.wake``."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._woken = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        self._gateway.wake = wake
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            self._gateway.wake = lambda: None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            await run_in_threadpool(lifecycle.advance, self._gateway)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._pause())

    def _pause(self) -> float:
        due = self._gateway.store.next_due()
        if due is None:
            return _LONGEST_SLEEP
        return min(max(due - self._gateway.clock.offset - time.time(), 0), _LONGEST_SLEEP)
