"""Another order in the same books, which nothing that happens to the order of a test may touch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import select

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import refunds, service, settle
from checkout_app.payments.models import Payment, Refund
from razorpay_sandbox.payments import attempts
from tests.support.acts import refunds_end
from tests.support.histories import History
from tests.support.inside import BUYER, row
from tests.support.shops import KEY_ID


@dataclass
class Neighbour:
    """A paid order, with a second payment that was only begun, a refund at the bank and one that is not due yet."""

    order_id: str
    payment_id: str
    begun_id: str
    planned: Refund
    at_the_bank: Refund

    async def everything(self) -> list[dict[str, Any]]:
        """Return every row of the neighbour's."""
        found: list[dict[str, Any]] = []
        async with database.read() as session:
            found.append((await session.get_one(Order, self.order_id)).model_dump())
            for table in (Payment, Refund):
                rows = (await session.exec(select(table).where(table.order_id == self.order_id))).all()
                found += [found_row.model_dump() for found_row in rows]
            found += [event.model_dump() for event in await orders.timeline(session, self.order_id)]
        return found


async def move_in(history: History) -> Neighbour:
    """Order one unit of the same product for the same buyer, pay it, give a part back, and cancel a third order."""
    gateway = history.inside.gateway
    given_up = await checkout.create_order(BUYER, [Item(history.product_id)])
    async with database.write() as session:
        await orders.cancel(session, given_up.order.id, BUYER)
    made = await checkout.create_order(BUYER, [Item(history.product_id)])
    request = attempts.AttemptRequest(order_id=made.razorpay_order_id)
    paid, begun = (attempts.begin(gateway, KEY_ID, request)["id"] for _ in range(2))
    attempts.conclude(gateway, paid, "success")
    await settle.settle(paid)
    await settle.settle(begun)
    refunds_end(history, "pending")
    at_the_bank = await service.refund(paid, 200, reason="The neighbour's.", request_key="at the bank")
    refunds_end(history, "processed")
    async with database.write() as session:
        payment = await session.get_one(Payment, paid)
        planned = await refunds.plan(session, payment, 300, reason="The neighbour's.", request_key="planned")
        planned.due_at = clock.now() + timedelta(hours=1)
    return Neighbour(made.order.id, paid, begun, await row(Refund, planned.id), at_the_bank)
