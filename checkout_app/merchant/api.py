"""What the shopkeeper does about money over HTTP: refunds, and what waits for a person."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from checkout_app.auth import guard
from checkout_app.auth.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.payments import issues, service
from checkout_app.payments.issues import Waiting

router = APIRouter(tags=["merchant"])


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


class WaitingPayment(BaseModel):
    """One attempt to pay such an order; amounts in minor units, `purpose` says what its money is for."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: str
    purpose: str
    amount: int
    amount_refunded: int
    currency: str


class WaitingOrder(BaseModel):
    """An order that waits for a person; `attention` says why."""

    order_id: str
    number: str
    status: str
    attention: str
    email: str
    amount: int
    currency: str
    payments: list[WaitingPayment]

    @classmethod
    def of(cls, found: Waiting) -> Self:
        """Describe one."""
        order = found.order
        return cls(
            order_id=order.id,
            number=ids.order_number(order.id),
            status=order.status,
            attention=order.attention or "",
            email=order.email,
            amount=order.amount,
            currency=order.currency,
            payments=[WaitingPayment.model_validate(payment) for payment in found.payments],
        )


class WaitingPage(BaseModel):
    """Some orders that wait, the oldest first, and the cursor of the next ones."""

    items: list[WaitingOrder]
    next_cursor: str | None


class Decision(BaseModel):
    """What a person decided, in words that the buyer reads too."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Decided(BaseModel):
    """The entry in the order's timeline."""

    model_config = ConfigDict(from_attributes=True)

    words: str
    at: datetime


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


@router.get("/attention")
async def waiting(
    _merchant: Annotated[Identity, Depends(guard.merchant)],
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> WaitingPage:
    """List the orders that wait for a person."""
    async with database.read() as session:
        page = await issues.waiting(session, cursor=cursor, limit=limit)
    return WaitingPage(items=[WaitingOrder.of(found) for found in page.items], next_cursor=page.next_cursor)


@router.post("/attention/{order_id}", status_code=201)
async def decide(order_id: str, decision: Decision, _merchant: Annotated[Identity, Depends(guard.merchant)]) -> Decided:
    """Say what was decided about an order; refused while its money is in no place."""
    return Decided.model_validate(await issues.decide(order_id, decision.words))
