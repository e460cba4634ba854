"""A buyer's own orders over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.accounts.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.pages import LONGEST_PAGE
from checkout_app.orders import service
from checkout_app.orders.models import Order
from checkout_app.payments import service as payments
from checkout_app.web import guard

router = APIRouter(prefix="/orders", tags=["orders"])


class _FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OrderSummary(_FromRow):
    """An order in a list; `amount` in minor units."""

    id: str
    status: str
    amount: int
    currency: str
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime


class LineBody(_FromRow):
    """One line, frozen when the order was made."""

    product_id: str
    name: str
    quantity: int
    unit_amount: int
    amount: int
    gst_percent: int


class PaymentBody(_FromRow):
    """One attempt to pay."""

    id: str
    status: str
    amount: int
    amount_refunded: int
    currency: str
    method: str
    method_detail: str
    error_reason: str | None
    error_description: str | None
    created_at: datetime


class RefundBody(_FromRow):
    """Money on its way back."""

    id: str
    gateway_refund_id: str | None
    payment_id: str
    amount: int
    currency: str
    status: str
    reason: str
    bank_reference: str | None
    created_at: datetime


class EventBody(_FromRow):
    """One entry of the timeline."""

    kind: str
    words: str
    at: datetime


class OrderBody(OrderSummary):
    """An order with everything that belongs to it."""

    number: str
    lines: list[LineBody]
    payments: list[PaymentBody]
    refunds: list[RefundBody]
    timeline: list[EventBody]


class OrderPage(BaseModel):
    """Some orders, and the cursor of the next ones."""

    items: list[OrderSummary]
    next_cursor: str | None


@router.get("")
async def list_orders(
    buyer: Annotated[Identity, Depends(guard.signed_in)],
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> OrderPage:
    """List one's own orders, newest first."""
    async with database.read() as session:
        page = await service.list_orders(session, buyer, cursor=cursor, limit=limit)
    return OrderPage(items=[OrderSummary.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/{order_id}")
async def get_order(
    order_id: str, request: Request, key: Annotated[str | None, Query(max_length=64)] = None
) -> OrderBody:
    """Show one of one's own orders, or the one that a signed link's key opens."""
    async with database.read() as session:
        if key is not None:
            order = await service.get_order_by_link(session, order_id, key)
        else:
            order = await service.get_order(session, order_id, await guard.signed_in(request))
        return await describe(session, order)


async def describe(session: AsyncSession, order: Order) -> OrderBody:
    """Gather an order with its lines, payments, refunds and timeline."""
    return OrderBody(
        **OrderSummary.model_validate(order).model_dump(),
        number=ids.order_number(order.id),
        lines=[LineBody.model_validate(row) for row in await service.lines(session, order.id)],
        payments=[PaymentBody.model_validate(row) for row in await payments.payments_of(session, order.id)],
        refunds=[RefundBody.model_validate(row) for row in await payments.refunds_of(session, order.id)],
        timeline=[EventBody.model_validate(row) for row in await service.timeline(session, order.id)],
    )
