"""Can somebody buy now: what something in front of the servers asks, and what a monitor does."""

import asyncio
from datetime import timedelta
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core import redis
from checkout_app.core.errors import Unavailable
from checkout_app.core.settings import settings
from checkout_app.core.trouble import Trouble
from checkout_app.payments import pulse
from checkout_app.payments.pulse import Pulse
from checkout_app.server.now_and_then import NowAndThen

router = APIRouter(tags=["operations"], prefix="/api/health", **guard.open_to(Caller.ANYBODY))

PACE: Final = 3.0
"""For how many seconds an answer counts, however many ask."""
PATIENCE: Final = 3.0
"""Seconds after which what does not answer counts as down."""


class Liveness(BaseModel):
    """A process that answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether somebody can buy, and in seconds how long ago what nobody waits for was done; null is never."""

    status: Literal["ready", "unready"]
    database: Literal["ok", "down"]
    """Whether it can be written to."""
    redis: Literal["ok", "down", "unused"]
    books_age: int | None
    """Since the books were looked over."""
    sweep_age: int | None
    """Since the gateway's lists were read."""
    webhook_age: int | None
    """Since the oldest webhook came that is not handled yet; null when none waits."""


@router.get("/live")
async def live() -> Liveness:
    """Answer 200: the process does."""
    return Liveness()


@router.get("/ready", responses={503: {"model": Readiness}})
async def ready(response: Response) -> Readiness:
    """Answer 200 while somebody can buy, 503 while nobody can: nothing can be written down, or Redis is away."""
    told = await _readiness.answer()
    if told.status == "unready":
        response.status_code = Unavailable.status
        response.headers["Retry-After"] = str(Unavailable.retry_after)
    return told


async def _ask() -> Readiness:
    with bound_contextvars(work="readiness"):
        felt, redis_answers = await asyncio.gather(_feel(), _ping())
    well = felt is not None and redis_answers is not False
    return Readiness(
        status="ready" if well else "unready",
        database="ok" if felt else "down",
        redis="unused" if redis_answers is None else "ok" if redis_answers else "down",
        books_age=_seconds(felt.books if felt else None),
        sweep_age=_seconds(felt.sweep if felt else None),
        webhook_age=_seconds(felt.webhook if felt else None),
    )


async def _feel() -> Pulse | None:
    """Return None when nothing can be written down."""
    try:
        async with asyncio.timeout(PATIENCE):
            felt = await pulse.feel()
    except (SQLAlchemyError, TimeoutError) as error:
        _writing.met(error)
        return None
    _writing.over()
    return felt


async def _ping() -> bool | None:
    """Say whether Redis answers; None where none is used."""
    if not settings().redis_url:
        return None
    try:
        async with asyncio.timeout(PATIENCE), Redis.from_url(settings().redis_url, **redis.patient()) as client:
            await client.ping()  # type: ignore[misc]  # of the kind that can be awaited
    except (RedisError, TimeoutError) as error:
        _pinging.met(error)
        return False
    _pinging.over()
    return True


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, round(age.total_seconds()))


_writing, _pinging = Trouble(), Trouble()
_readiness = NowAndThen(_ask, PACE)
