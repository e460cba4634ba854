"""Razorpay's webhooks, and refunds by the shopkeeper, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.accounts.tokens import Identity
from checkout_app.core.errors import InvalidInput
from checkout_app.payments import inbox, service
from checkout_app.web import guard

router = APIRouter(tags=["payments"])


class Kept(BaseModel):
    """The acknowledgement of a webhook."""

    kept: bool = True


class RefundRequest(BaseModel):
    """What to give back; `amount` in minor units, all that is left when it is missing."""

    model_config = ConfigDict(strict=True)

    payment_id: Annotated[str, Field(min_length=1, max_length=40)]
    amount: Annotated[int, Field(gt=0)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class RefundBody(BaseModel):
    """A refund; `status` is planned until Razorpay has it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    payment_id: str
    amount: int
    currency: str
    status: str
    reason: str
    gateway_refund_id: str | None


@router.post("/webhooks/razorpay")
async def receive(request: Request) -> Kept:
    """Keep what Razorpay tells us and acknowledge it at once; repetitions are acknowledged like the first."""
    body = await request.body()
    inbox.check_signature(body, request.headers.get("x-razorpay-signature", ""))
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": "This is not UTF-8."}) from error
    await inbox.keep(body, request.headers.get("x-razorpay-event-id", ""))
    return Kept()


@router.post("/refunds", status_code=201)
async def refund(
    body: RefundRequest,
    merchant: Annotated[Identity, Depends(guard.merchant)],
    idempotency_key: Annotated[str, Header(min_length=1, max_length=80)],
) -> RefundBody:
    """Give money of a payment back, fully or in part. The same key again answers the same refund."""
    made = await service.refund(
        body.payment_id, body.amount, reason=body.reason, request_key=f"{merchant.user_id}-{idempotency_key}"
    )
    return RefundBody.model_validate(made)
