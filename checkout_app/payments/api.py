"""Razorpay's webhooks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core.errors import InvalidInput
from checkout_app.payments import webhooks

router = APIRouter(prefix="/api", tags=["payments"], **guard.open_to(Caller.GATEWAY))


class Kept(BaseModel):
    """The acknowledgement of a webhook."""

    kept: bool = True


@router.post("/webhooks/razorpay")
async def receive(request: Request, signature: Annotated[str, Depends(guard.gateway)]) -> Kept:
    """Keep what Razorpay tells us and acknowledge it at once; repetitions are acknowledged like the first."""
    body = await request.body()
    webhooks.check_signature(body, signature)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": "This is not UTF-8."}) from error
    await webhooks.receive(body, request.headers.get("x-razorpay-event-id", ""))
    return Kept()
