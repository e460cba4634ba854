"""The work nobody waits for: handle webhooks, check orders, carry out refunds, sweep for news, look over the books.

Each job is a query over rows that are due: safe to run anywhere, any number of times, and to stop at any moment.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from checkout_app.payments import checks, downtimes, reconcile, refunds, sweep, webhooks

log = logging.getLogger(__name__)

SECONDS: dict[str, float] = {"webhooks": 2, "orders": 5, "refunds": 5, "sweep": 5, "books": 60, "downtimes": 300}


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Run the jobs for the length of a block."""
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    jobs: dict[str, Callable[[], Awaitable[object]]] = {
        "webhooks": webhooks.handle_due,
        "orders": reconcile.check_due,
        "refunds": refunds.carry_out_due,
        "sweep": sweep.sweep_due,
        "books": checks.watch,
        "downtimes": downtimes.keep_up,
    }
    for name, job in jobs.items():
        scheduler.add_job(_safely(name, job), "interval", seconds=SECONDS[name], id=name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _safely(name: str, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job()
        except Exception:  # the boundary of all background work: logged here, and the next round tries again
            log.exception("The job %r failed; it runs again in %s.", name, timedelta(seconds=SECONDS[name]))

    return run
