"""The server actions of checkout that are about the payment window: what it reports is verified, or said."""

from datetime import datetime
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from checkout_app.auth.callers import Caller
from checkout_app.auth.guard import CART_COUNT
from checkout_app.checkout.closing import is_settled, problem_with
from checkout_app.checkout.purchase import Purchase
from checkout_app.core import clock
from checkout_app.payments import failures
from checkout_app.ui.visitor import open_to

_CLOSED = "You closed the payment window."


class PaymentWindow(Purchase, mixin=True):
    """How far the payment of a purchase is; a part of the checkout's state, which opens the window.

    `phase` goes review, placing, paying, verifying, settled; only a closed window or a refusal leads back to review.
    """

    phase: str = "review"
    notice: str = ""
    unpaid_order: str = ""
    """The order that has to be paid or cancelled before there can be another one; else empty."""
    payment: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    acknowledged: str = ""
    """Nonce of the last payment whose success arrived here."""
    _closes_at: datetime | None = None
    """When the window closes by itself."""

    @rx.event(background=True)
    @open_to(Caller.ANYBODY)
    async def payment_succeeded(self, result: dict[str, Any]) -> list[EventSpec]:
        """Verify what the window handed over, then go to the order's page, whatever the answer: it says what is so."""
        async with self:
            if self.phase not in {"paying", "review"} or not self.payment:
                return []
            order_page = f"/orders/{self.payment['orderId']}"
            self.acknowledged, self.phase, self.notice = self.payment["nonce"], "verifying", ""
            self.payment, identity = {}, await self._identity()
            of_cart = self._attempt is not None and self._attempt.cart_id is not None
        problem = await problem_with(identity, result)
        async with self:
            self.phase = "settled"
        emptied = [rx.remove_cookie(CART_COUNT, {"path": "/"})] if of_cart and not problem else []
        return [*emptied, rx.redirect(f"{order_page}?problem={problem}" if problem else order_page)]

    @rx.event
    @open_to(Caller.ANYBODY)
    def payment_failed(self, reason: str) -> None:
        """Say why an attempt inside the window failed; it stays open and offers another.

        The reason comes from the browser: it chooses among our sentences, and none of its words are shown.
        """
        why = failures.why(reason if isinstance(reason, str) else None)
        self.notice = " ".join(filter(None, ("The last attempt did not go through.", why.sentence, why.step)))

    @rx.event(background=True)
    @open_to(Caller.ANYBODY)
    async def payment_dismissed(self, nonce: str) -> EventSpec | None:
        """Go back to the review when they closed the window, unless the gateway knows of money all the same."""
        async with self:
            if self.phase != "paying" or self.payment.get("nonce") != nonce:
                return None
            order_id = self.payment["orderId"]
            over = self._closes_at is not None and self._closes_at <= clock.now()
            closed = "The time to pay is over: your items are not kept any longer." if over else _CLOSED
            self._stop(self.notice or closed)
        return rx.redirect(f"/orders/{order_id}") if await is_settled(order_id) else None

    @rx.event
    @open_to(Caller.ANYBODY)
    def payment_unreachable(self, nonce: str) -> None:
        """Go back to the review when Razorpay's script could not be loaded."""
        if self.phase == "paying" and self.payment.get("nonce") == nonce:
            self._stop("The payment window did not load. A blocker or a weak connection may be why. Try again.")

    def _stop(self, notice: str) -> None:
        """Go back to the review, where there is no window."""
        self.phase, self.payment, self.notice, self.unpaid_order = "review", {}, notice, ""
