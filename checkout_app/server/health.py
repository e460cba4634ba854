"""Is the shop well: what a load balancer and an operator ask."""

import asyncio
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.server import alarms
from checkout_app.server.now_and_then import NowAndThen

router = APIRouter(prefix="/api", tags=["operations"], **guard.open_to(Caller.ANYBODY))

PACE: Final = 10.0
"""For how many seconds the gateway's answer counts. Everybody may ask how we are, and the gateway counts our calls."""
PATIENCE: Final = 3.0
"""Seconds after which a part counts as down: who asks how we are does not wait for as long as a payment would."""
_FOUND_PACE: Final = 2.0
"""For how many seconds it counts what the books look like."""


class Health(BaseModel):
    """How the parts are. Without its gateway the shop is `degraded`: it shows everything and loses nothing."""

    status: Literal["ok", "degraded", "down"]
    database: Literal["ok", "down"]
    gateway: Literal["ok", "down"]
    alarms: list[str]
    """What has to hold and does not: `server/alarms.py` lists where it is looked for; details are in the log."""


@router.get("/health", responses={503: {"model": Health}})
async def health(response: Response) -> Health:
    """Answer 200 while the shop can serve, 503 when it can't."""
    found, gateway_ok = await asyncio.gather(_books.answer(), _gateway.answer())
    database_ok = found is not None
    response.status_code = 200 if database_ok else 503
    names = sorted({violation.rule for violation in found or ()})
    well = gateway_ok and not names
    status: Literal["ok", "degraded", "down"] = "down" if not database_ok else "ok" if well else "degraded"
    return Health(
        status=status, database="ok" if database_ok else "down", gateway="ok" if gateway_ok else "down", alarms=names
    )


async def _found() -> list[Violation] | None:
    """Return what does not hold; None when the database does not answer."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await alarms.found()
    except (SQLAlchemyError, TimeoutError):
        return None


async def _gateway_answers() -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await gateway().order.all({"count": 1})
    except (RazorpayError, TimeoutError):
        return False
    return True


_books = NowAndThen(_found, _FOUND_PACE)
_gateway = NowAndThen(_gateway_answers, PACE)
