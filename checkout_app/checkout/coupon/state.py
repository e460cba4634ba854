"""The server action of checkout that is about a coupon."""

from typing import Any

import reflex as rx

from checkout_app.auth.callers import Caller
from checkout_app.checkout.purchase import Purchase
from checkout_app.pricing.coupons import normal
from checkout_app.pricing.models import LONGEST_CODE
from checkout_app.ui.visitor import open_to, text_of

FIELD = "coupon"
"""The name of the field."""
LONGEST_TYPED = 2 * LONGEST_CODE
"""Characters of a code as people type it, with spaces around."""


class CouponSection(Purchase, mixin=True):
    """The coupon of a purchase; a part of the checkout's state, which prices what is bought with it."""

    coupon: str = ""
    """Its code; empty as long as there is none that is good for it."""
    coupon_refused: str = ""
    """Why the one that was typed is not; else empty."""

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def use_coupon(self, form: Any) -> None:
        """Take the coupon whose code was typed, or none where nothing was."""
        self.coupon, self.coupon_refused = normal(text_of(form, FIELD, LONGEST_TYPED)), ""
        await self._price_again()
