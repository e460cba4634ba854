"""Acts and looks around what the gateway does not tell, or tells in a way that can't be understood."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database
from checkout_app.journal.models import Issue
from checkout_app.orders.models import Order
from checkout_app.payments import reconcile
from checkout_app.payments.models import GatewayOrder
from razorpay_sandbox.payments import attempts
from tests.support.histories import History
from tests.support.inside import BUYER, rows
from tests.support.shops import KEY_ID

NOT_TOLD = "Razorpay does not tell about this order: "
SOLVED = ("decided", "This has solved itself.")
UNKNOWN = "The id provided does not exist"
ODD: dict[str, dict[str, Any]] = {
    "currency": {"currency": "rupees"},
    "amount": {"amount": "much"},
    "status": {"status": "on its way"},
    "id": {"id": None},
    "id of another kind": {"id": ["pay_A"]},
    "id with a NUL": {"id": "pay_\0"},
}
"""Fields of a payment that can't be understood, by what is wrong with them."""


async def lapse(order_id: str, ago: timedelta = timedelta(seconds=1)) -> None:
    """Let an order's hold have ended, and the order be due."""
    async with database.write() as session:
        order = await session.get_one(Order, order_id)
        order.expires_at, order.due_at = clock.now() - ago, clock.now()


async def check_now(order_id: str) -> None:
    """Let the background work look at an order now."""
    async with database.write() as session:
        (await session.get_one(Order, order_id)).due_at = clock.now()
    assert await reconcile.check_due() == 1


async def open_issues() -> list[tuple[str, str, str]]:
    """Return the open issues: kind, what each is about, and what the gateway said."""
    return [(issue.kind, issue.about, issue.detail) for issue in await rows(Issue) if issue.resolved_at is None]


async def forget_gateway_orders() -> None:
    """Let no reply to the creation of a gateway order have been heard."""
    async with database.write() as session:
        await session.exec(delete(GatewayOrder))


async def another_order(history: History) -> PaymentOrder:
    """Order one unit more of the same product."""
    return await checkout.create_order(BUYER, [Item(history.product_id)])


def pay(history: History, gateway_order_id: str) -> str:
    """Pay a gateway order and tell nobody; returns the payment's id."""
    gateway = history.inside.gateway
    payment_id = attempts.begin(gateway, KEY_ID, attempts.AttemptRequest(order_id=gateway_order_id))["id"]
    attempts.conclude(gateway, payment_id, "success")
    return str(payment_id)
