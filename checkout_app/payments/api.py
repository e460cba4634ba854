"""Razorpay's webhooks over HTTP."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from checkout_app.core.errors import InvalidInput
from checkout_app.payments import webhooks

router = APIRouter(tags=["payments"])


class Kept(BaseModel):
    """The acknowledgement of a webhook."""

    kept: bool = True


@router.post("/webhooks/razorpay")
async def receive(request: Request) -> Kept:
    """Keep what Razorpay tells us and acknowledge it at once; repetitions are acknowledged like the first."""
    body = await request.body()
    webhooks.check_signature(body, request.headers.get("x-razorpay-signature", ""))
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": "This is not UTF-8."}) from error
    await webhooks.receive(body, request.headers.get("x-razorpay-event-id", ""))
    return Kept()
