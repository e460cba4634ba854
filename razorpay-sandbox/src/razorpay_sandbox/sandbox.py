"""The sandbox as its host sees it: an ASGI application and the work behind it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from razorpay_sandbox.core.config import ConfigError, SandboxConfig
from razorpay_sandbox.server.app import SandboxApp
from razorpay_sandbox.server.worker import Worker
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.webhooks import deliveries


class Sandbox:
    """One gateway. ``app`` serves it; while ``running()`` is entered, webhooks go out and time passes.

    Served at the root by a server that speaks the lifespan protocol, the application runs the work itself. Raises
    ConfigError when its folder cannot be written.
    """

    def __init__(self, config: SandboxConfig) -> None:
        try:
            self.gateway = Gateway(config)
            deliveries.configure(self.gateway, config.webhook_url, config.webhook_secret)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", error)
            raise ConfigError(f"The sandbox cannot keep its state in {config.data}: {reason}.") from error
        self.app = SandboxApp(self.gateway, self.running)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver webhooks and act on what the clock makes due until the block ends."""
        async with Worker(self.gateway).running():
            yield
