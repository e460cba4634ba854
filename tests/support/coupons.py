"""A coupon of a shop of tests, and orders that have it."""

from typing import Any, Final

from checkout_app.auth.tokens import Claims
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.delivery.address import PostalAddress
from checkout_app.journal.actors import OPERATOR
from checkout_app.pricing import service as pricing
from checkout_app.pricing.models import Coupon, CouponKind
from tests.support.inside import BUYER, row

CODE: Final = "DIWALI"


async def make_coupon(kind: CouponKind = CouponKind.PERCENT, value: int = 1000, **more: Any) -> None:
    """Let there be the coupon."""
    await pricing.create_coupon(Coupon(code=CODE, kind=kind, value=value, **more), OPERATOR)


async def order_with(
    *items: Item, who: Claims = BUYER, coupon: str = CODE, key: str | None = None, to: PostalAddress | None = None
) -> PaymentOrder:
    """Order something with it."""
    return await checkout.create_order(who, items, coupon=coupon, key=key, to=to)


async def times_used() -> int:
    """Return how many orders have it."""
    return (await row(Coupon, CODE)).used
