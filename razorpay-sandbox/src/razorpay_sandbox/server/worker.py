"""Background work: lets time pass and sends what is owed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

from razorpay_sandbox.payments import lifecycle
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.webhooks.sender import Sender

_log = structlog.stdlib.get_logger(__name__)

_LONGEST_SLEEP: Final = 30.0
_AFTER_TROUBLE: Final = 1.0


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
        sender = Sender(self._gateway)
        task = asyncio.create_task(self._work(sender))
        try:
            yield
        finally:
            self._gateway.wake = lambda: None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await sender.close()

    async def _work(self, sender: Sender) -> None:
        is_well = True
        while True:
            self._woken.clear()
            try:
                await run_in_threadpool(lifecycle.advance, self._gateway)
                await sender.send_due()
                pause = await self._pause(sender)
                is_well = True
            except Exception:  # noqa: BLE001  # the boundary of the background work: it outlives a full disk
                if is_well:  # told of once, however often it is tried again
                    _log.exception("what is due can't be done, it is tried again")
                is_well, pause = False, _AFTER_TROUBLE
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    async def _pause(self, sender: Sender) -> float:
        due = await run_in_threadpool(self._gateway.store.next_due)
        owed = await sender.next_due()
        moments = [
            time.time() + _LONGEST_SLEEP,
            *([] if due is None else [due - self._gateway.clock.offset]),
            *([] if owed is None else [owed]),
        ]
        return max(min(moments) - time.time(), 0)
