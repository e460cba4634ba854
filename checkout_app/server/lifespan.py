"""What the shop does when its server starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

import reflex as rx
from reflex.utils.exec import is_prod_mode

from checkout_app.core import database, memory, migrations
from checkout_app.core.settings import settings
from checkout_app.payments import jobs
from checkout_app.payments.gateway.client import gateway
from checkout_app.server import alerts, mails, retention
from checkout_app.server.backups import schedule
from checkout_app.server.renderer import renderer

_DRAIN_SECONDS = 6
"""How long a stopping server lets event handlers finish what they began, before it is ended all the same."""


def opening(furnish: Callable[[], Awaitable[object]]) -> Callable[[rx.App], AbstractAsyncContextManager[None]]:
    """Return the server's lifespan; `furnish` fills an empty shop in development, once its tables are there."""

    @asynccontextmanager
    async def open_shop(app: rx.App) -> AsyncIterator[None]:
        """Prepare the database, and leave no connection behind.

        A fresh clone started with plain `reflex run` gets its tables and its demo here. In production an operator
        migrates, before the new code starts.
        """
        app.event_processor.graceful_shutdown_timeout = _DRAIN_SECONDS
        if settings().environment == "development":
            await asyncio.to_thread(migrations.upgrade)
            await furnish()
        memory.leave_program_alone()
        async with (
            jobs.running(),
            alerts.running(),
            mails.running(),
            schedule.running(),
            retention.running(),
            _rendering(),
        ):
            yield
        await gateway().aclose()
        await database.dispose()

    return open_shop


def _rendering() -> AbstractAsyncContextManager[None]:
    """Keep the renderer of what was built; in development Vite serves the pages."""
    return renderer().running() if is_prod_mode() else nullcontext()
