"""What the shop does when its server starts and stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx

from checkout_app.accounts.demo import make_demo_buyer
from checkout_app.catalog import service as catalog
from checkout_app.core import database, migrations
from checkout_app.core.settings import settings
from checkout_app.payments import jobs
from checkout_app.payments.razorpay import gateway

_DRAIN_SECONDS = 8
"""How long a stopping server lets event handlers finish what they began."""


@asynccontextmanager
async def open_shop(app: rx.App) -> AsyncIterator[None]:
    """Prepare the database, and leave no connection behind.

    A fresh clone started with plain `reflex run` gets its tables and its demo here. In production an operator migrates,
    before the new code starts.
    """
    app.event_processor.graceful_shutdown_timeout = _DRAIN_SECONDS
    if settings().environment == "development":
        await asyncio.to_thread(migrations.upgrade)
        async with database.write() as session:
            await catalog.load_demo(session)
        await make_demo_buyer()
    async with jobs.running():
        yield
    await gateway().aclose()
    await database.dispose()
