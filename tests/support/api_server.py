"""The shop's API and its background work as one process, without the pages: what tests kill and restart.

Run as `python tests/support/api_server.py`, with the settings in the environment.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, Request
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checkout_app.auth import guard
from checkout_app.auth.tokens import Claims
from checkout_app.checkout import service as checkout
from checkout_app.checkout.attempt import wanted_by
from checkout_app.core import clock, database, due, migrations
from checkout_app.core.settings import settings
from checkout_app.delivery.api import AddressBody
from checkout_app.payments import downtimes, holds, jobs, reconcile, refunds, sweep, webhooks
from checkout_app.payments.checks import watch
from checkout_app.payments.gateway.client import gateway
from checkout_app.server import alerts, logs, mails
from checkout_app.server.api import build_api
from checkout_app.server.backups import schedule
from checkout_app.server.metrics import tell_metrics
from checkout_app.server.proxies import behind_proxies
from checkout_app.server.request_log import RequestLog
from tests.support.cheap_passwords import hash_cheaply

PAUSE = float(os.environ.get("PAUSE", "0.25"))
"""Seconds between two rounds of each job that handles money, unless something wakes it."""
IDLE = 75
"""Seconds until an idle connection is closed: longer than clients keep theirs, or one is closed under a request."""


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await asyncio.to_thread(migrations.upgrade)
    mailing = mails.running() if settings().smtp_url else nullcontext()
    async with jobs.running(), alerts.running(), schedule.running(), mailing:
        yield
    await gateway().aclose()
    await database.dispose()


_rounds: set[object] = set()


def _counted(job: Callable[..., Awaitable[int]]) -> Callable[..., Awaitable[int]]:
    async def run(*arguments: object) -> int:
        this = object()
        _rounds.add(this)
        try:
            return await job(*arguments)
        finally:
            _rounds.discard(this)

    return run


async def _set_clock(request: Request) -> JSONResponse:
    """Let the shop's clock be so many seconds ahead of the right one."""
    ahead = timedelta(seconds=float((await request.body()).decode()))
    clock.now = lambda: datetime.now(UTC) + ahead
    return JSONResponse(None)


async def _busy(_request: Request) -> JSONResponse:
    return JSONResponse(len(_rounds))


class CartOrder(BaseModel):
    """By which coupon a cart is bought, and where it goes."""

    coupon: str = ""
    address: AddressBody | None = None


async def order_cart(
    body: CartOrder,
    request: Request,
    asking: Annotated[Claims, Depends(guard.claims)],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> dict[str, str]:
    """Order all that is in somebody's cart as the checkout's page does: what the API itself orders is of no cart."""
    wanted = await wanted_by(asking, {}, request.headers.get("cookie", ""))
    made = await checkout.create_order(
        asking,
        wanted.items,
        coupon=body.coupon,
        to=body.address.checked("address.") if body.address else None,
        key=idempotency_key,
        cart_id=wanted.cart_id,
    )
    return {"order_id": made.order.id, "razorpay_order_id": made.razorpay_order_id}


def _build_api() -> FastAPI:
    api = build_api()
    api.add_api_route("/api/checkout/cart", order_cart, methods=["POST"], status_code=201, include_in_schema=False)
    return api


def serve() -> None:
    """Serve until told to stop. The jobs come round quickly, and `/busy` counts those at work: tests wait for them."""
    work = ((webhooks, "handle_due"), (reconcile, "check_due"), (holds, "end_lapsed"), (refunds, "carry_out_due"))
    for module, name in (*work, (sweep, "sweep_due"), (downtimes, "keep_up"), (watch, "look")):
        setattr(module, name, _counted(getattr(module, name)))
    hash_cheaply()
    due.LONGEST_SLEEP = due.SHORTEST_SLEEP = PAUSE
    app = Starlette(routes=[Route("/busy", _busy), Route("/clock", _set_clock, methods=["PUT"])], lifespan=_lifespan)
    app.router.default = _build_api()
    logs.configure()
    uvicorn.run(
        behind_proxies(RequestLog(tell_metrics(app))),
        host="127.0.0.1",
        port=settings().port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE,
    )


if __name__ == "__main__":
    serve()
