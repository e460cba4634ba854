"""Refunds over HTTP: by an amount, or by what of the order is given back."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import database
from checkout_app.journal.actors import Actor
from checkout_app.merchant.bodies import Lines, LineUnits, units_of
from checkout_app.payments import refund_parts, refunds, service
from checkout_app.payments.models import Refund
from checkout_app.payments.refund_parts import LineLeft, Parts
from checkout_app.payments.service import Refundable
from checkout_app.seller import refund_limit

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


class RefundRequest(BaseModel):
    """What to give back: an `amount` in minor units, or units of `lines` and so much of the `delivery` charge.

    Units are worth what was paid for them, without their way. Without any of the three it is all that is left. When all
    of an order's money is back before anything was shipped, its units go back on the shelf, unless `restock` is false.
    """

    model_config = ConfigDict(strict=True)

    payment_id: Annotated[str, Field(min_length=1, max_length=40)]
    amount: Annotated[int, Field(gt=0)] | None = None
    lines: Lines | None = None
    delivery: Annotated[int, Field(gt=0)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    restock: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        units = units_of(self.lines or ())
        if self.amount is not None and (units or self.delivery):
            raise ValueError("give either amount, or lines and delivery")
        return self

    def parts(self) -> Parts | None:
        """Return what parts of the order it is of; None where only an amount is said, or nothing."""
        units = units_of(self.lines or ())
        return Parts(units, self.delivery or 0) if units or self.delivery else None


class RefundBody(BaseModel):
    """A refund; `status` is planned until Razorpay has it.

    `lines` and `delivery` are what it was said to be of: nothing where it was an amount.
    """

    id: str
    payment_id: str
    amount: int
    currency: str
    status: str
    reason: str
    restock: bool
    gateway_refund_id: str | None
    lines: list[LineUnits]
    delivery: int

    @classmethod
    def of(cls, refund: Refund, parts: Parts) -> Self:
        """Describe one."""
        lines = [LineUnits(line_id=line_id, quantity=units) for line_id, units in parts.units.items()]
        told = refund.model_dump(include=set(cls.model_fields) - {"reason"})
        return cls(**told, reason=refunds.reason_of(refund), lines=lines, delivery=parts.delivery)


class RefundableLine(BaseModel):
    """A line of the order: how many units were bought and have not gone back, and what those are worth together."""

    line_id: str
    sku: str
    name: str
    quantity: int
    left: int
    worth: int

    @classmethod
    def of(cls, left: LineLeft) -> Self:
        """Describe one."""
        line = left.line
        return cls(
            line_id=line.id,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            left=left.units,
            worth=left.worth(left.units),
        )


class RefundableBody(BaseModel):
    """What can go back of a payment, in minor units: `left` in all, and what has not gone back of the order it pays.

    What went back by an amount is of no line, so that less may be left than the lines are worth.
    """

    payment_id: str
    order_id: str
    left: int
    currency: str
    lines: list[RefundableLine]
    delivery: int

    @classmethod
    def of(cls, found: Refundable) -> Self:
        """Describe it."""
        payment = found.payment
        return cls(
            payment_id=payment.id,
            order_id=payment.order_id,
            left=found.left,
            currency=payment.currency,
            lines=[RefundableLine.of(left) for left in found.parts.lines],
            delivery=found.parts.delivery,
        )


@router.post("/refunds", status_code=201, **guard.open_to(Caller.OWNER))
async def refund(
    body: RefundRequest,
    owner: Annotated[Identity, Depends(guard.owner)],
    idempotency_key: Annotated[str, Header(min_length=1, max_length=80)],
) -> RefundBody:
    """Give money of a payment back, fully or in part, by an amount or by lines. The same key answers the same refund.

    Of a line no more units go back than were bought: 409 `refund_refused` says how many are left. When more of the
    payment would go back in all than the shop's limit, the second factor has to be shown lately.
    """
    made = await service.refund(
        body.payment_id,
        body.amount,
        of=body.parts(),
        reason=body.reason,
        request_key=f"{owner.user_id}-{idempotency_key}",
        restock=body.restock,
        by=Actor.of(owner),
        most=None if owner.has_shown_lately() else await refund_limit.limit(),
    )
    async with database.ask() as session:
        return RefundBody.of(made, await refund_parts.of_refund(session, made.id))


@router.get("/payments/{payment_id}/refundable", **guard.open_to(Caller.SHOP))
async def refundable(payment_id: str) -> RefundableBody:
    """Say what can go back of a payment, and what has not gone back of each line and of the delivery charge."""
    return RefundableBody.of(await service.refundable(payment_id))
