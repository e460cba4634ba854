"""Opening the payment window for an attempt: its order, and for whom Razorpay's window asks."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from checkout_app.auth.tokens import Identity
from checkout_app.checkout import service
from checkout_app.checkout.attempt import Attempt
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core.errors import ShopError
from checkout_app.core.ids import new_id
from checkout_app.seller.presentation import Presentation, presentation
from checkout_app.ui.boundary import or_refusal

Opened = tuple[PaymentOrder, Presentation]
"""What is to be paid, and how the shop presents itself."""


async def placed(identity: Identity, attempt: Attempt, **asked: Any) -> tuple[Attempt, Opened | ShopError]:
    """Place an attempt, or say why not; the attempt that comes back is the one that was placed.

    One that goes to another address than its order does, or comes with another coupon or for another firm, is another
    attempt, in the place of that order.
    """
    opened = await _place(identity, attempt, asked)
    if not isinstance(opened, IdempotencyConflict):
        return attempt, opened
    given_up = await or_refusal(service.give_up(identity, attempt.key))
    if isinstance(given_up, ShopError):
        return attempt, given_up
    anew = replace(attempt, key=new_id())
    return anew, await _place(identity, anew, asked)


async def with_shop(opening: Awaitable[PaymentOrder]) -> Opened:
    """Await what is to be paid, and say for whom Razorpay's window asks."""
    return await opening, await presentation()


async def _place(identity: Identity, attempt: Attempt, asked: dict[str, Any]) -> Opened | ShopError:
    order = service.create_order(identity, attempt.items, key=attempt.key, cart_id=attempt.cart_id, **asked)
    return await or_refusal(with_shop(order))
