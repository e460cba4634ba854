"""The sandbox as its host sees it: an ASGI application and the work behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from razorpay_sandbox.core.config import SandboxConfig
from razorpay_sandbox.server.app import SandboxApp
from razorpay_sandbox.server.worker import Worker
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.webhooks import deliveries


class Sandbox:
    """One gateway. ``app`` serves it; while ``running()`` is entered, webhooks go out and time passes.

    Served at the root by a server that speaks the lifespan protocol, the application runs the work itself.
    """

    def __init__(self, config: SandboxConfig) -> None:
        self.gateway = Gateway(config)
        deliveries.configure(self.gateway, config.webhook_url, config.webhook_secret)
        self.app = SandboxApp(self.gateway, self.running)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver webhooks and act on what the clock makes due until the block ends."""
        async with Worker(self.gateway).running():
            yield
