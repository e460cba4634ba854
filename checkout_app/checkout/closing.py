"""What came of the payment window: a payment to verify, or an order that may be paid all the same."""

from collections.abc import Mapping
from typing import Any

from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Identity
from checkout_app.checkout import service
from checkout_app.checkout.service import PaymentInfo
from checkout_app.core import database
from checkout_app.core.errors import ShopError
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderStatus
from checkout_app.payments import service as payments
from checkout_app.ui.boundary import or_refusal
from checkout_app.ui.visitor import text_of


async def problem_with(identity: Identity | None, handed_over: Mapping[str, Any]) -> str:
    """Verify what the window handed over; returns the code of what is wrong with it, or nothing."""
    if identity is None:
        return InvalidToken.code
    info = PaymentInfo(
        text_of(handed_over, "razorpay_order_id", 40),
        text_of(handed_over, "razorpay_payment_id", 40),
        text_of(handed_over, "razorpay_signature", 128),
    )
    verified = await or_refusal(service.verify_payment(identity, info))
    return verified.code if isinstance(verified, ShopError) else ""


async def is_settled(order_id: str) -> bool:
    """Ask the gateway about an order of one's own; True when it is paid or being confirmed."""
    await payments.ask_gateway(order_id, anew=True)  # when it does not answer, webhooks and the reconciler find out
    async with database.ask() as session:
        return (await session.get_one(Order, order_id)).status != OrderStatus.CREATED
