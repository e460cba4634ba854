"""People who buy all at once, each again and again, while a test looks on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.payments import gateway_orders, refunds, service, settle
from checkout_app.payments.gateway import client
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, put_on_shelf
from tests.support.shops import KEY_ID
from tests.support.waiting import PATIENCE

BUYERS = 4


async def _buy(inside: Inside, product_id: str) -> str:
    """Buy one unit, and get a part of the money back; returns the order's id."""
    made = await checkout.create_order(BUYER, [Item(product_id)])
    payment_id = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))["id"]
    attempts.conclude(inside.gateway, payment_id, "success")
    await settle.settle(payment_id)
    await service.refund(payment_id, 100, reason="Sent back.", request_key=payment_id)
    await refunds.carry_out_due(made.order.id)
    return made.order.id


@asynccontextmanager
async def buying(inside: Inside) -> AsyncIterator[list[str]]:
    """Let people buy for the length of a block, and end what they began; yields the orders that are done.

    They wait for the gateway as long as a busy machine needs: nobody here is told to try again.
    """
    product_id, done, over = await put_on_shelf(100_000), list[str](), asyncio.Event()

    async def buy_on() -> None:
        while not over.is_set():
            done.append(await _buy(inside, product_id))

    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(client, "LONGEST_SECONDS", PATIENCE)
        patient.setattr(gateway_orders, "_WORK_SECONDS", PATIENCE)
        buyers = [asyncio.create_task(buy_on()) for _ in range(BUYERS)]
        try:
            yield done
        finally:
            over.set()
            await asyncio.gather(*buyers)
