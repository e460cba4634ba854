"""Is the shop well: what a load balancer and an operator ask."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from checkout_app.core import database
from checkout_app.orders.models import Order
from checkout_app.payments import books
from checkout_app.payments.razorpay import RazorpayError, gateway

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """How the parts are. Without its gateway the shop is `degraded`: it shows everything and loses nothing."""

    status: Literal["ok", "degraded", "down"]
    database: Literal["ok", "down"]
    gateway: Literal["ok", "down"]
    alarms: list[str]
    """Rules of the books that do not hold, and whether webhooks reach us; details are in the log."""


@router.get("/health", responses={503: {"model": Health}})
async def health(response: Response) -> Health:
    """Answer 200 while the shop can serve, 503 when it can't."""
    database_ok, gateway_ok = await _database_answers(), await _gateway_answers()
    response.status_code = 200 if database_ok else 503
    alarms = sorted({broken.rule for broken in books.last_watched()})
    well = gateway_ok and not alarms
    status: Literal["ok", "degraded", "down"] = "down" if not database_ok else "ok" if well else "degraded"
    return Health(
        status=status, database="ok" if database_ok else "down", gateway="ok" if gateway_ok else "down", alarms=alarms
    )


async def _database_answers() -> bool:
    try:
        async with database.read() as session:
            await session.exec(select(Order.id).limit(1))
    except SQLAlchemyError:
        return False
    return True


async def _gateway_answers() -> bool:
    try:
        await gateway().order.all({"count": 1})
    except RazorpayError:
        return False
    return True
