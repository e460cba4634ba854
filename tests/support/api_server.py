"""The shop's API and its background work as one process, without the pages: what tests kill and restart.

Run as `python tests/support/api_server.py`, with the settings in the environment.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checkout_app.core import database, migrations
from checkout_app.core.settings import settings
from checkout_app.payments import jobs
from checkout_app.payments.razorpay import gateway
from checkout_app.web.api import build_api


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await asyncio.to_thread(migrations.upgrade)
    async with jobs.running():
        yield
    await gateway().aclose()
    await database.dispose()


def serve() -> None:
    """Serve until told to stop. The jobs come round quickly, since tests wait for them."""
    jobs.SECONDS.update(dict.fromkeys(("webhooks", "orders", "refunds"), 0.25), books=1)
    app = Starlette(routes=[Mount("/", build_api())], lifespan=_lifespan)
    uvicorn.run(app, host="127.0.0.1", port=settings().port, log_level="warning", access_log=False)


if __name__ == "__main__":
    serve()
