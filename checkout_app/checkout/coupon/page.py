"""The coupon's field on the checkout page: closed until somebody who has one opens it."""

import reflex as rx

from checkout_app.checkout.coupon.state import FIELD, LONGEST_TYPED
from checkout_app.checkout.state import CheckoutState
from checkout_app.ui.attention import ASKS
from checkout_app.ui.kit import button, field


def coupon_section() -> rx.Component:
    """Build the section."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(rx.cond(CheckoutState.coupon, f"Coupon {CheckoutState.coupon}", "Have a coupon?")),
            rx.icon("chevron-down", size=18),
            class_name="disclosure-line",
        ),
        rx.el.form(
            field(
                FIELD,
                "Code",
                wrong=CheckoutState.coupon_refused,
                beside=button("Apply", quiet=True, type="submit", custom_attrs=ASKS),
                default_value=CheckoutState.coupon,
                key=CheckoutState.coupon,
                max_length=LONGEST_TYPED,
                autocomplete="off",
                auto_capitalize="characters",
            ),
            on_submit=CheckoutState.use_coupon,
            class_name="disclosure-body",
        ),
        class_name="disclosure",
        open=rx.cond(CheckoutState.coupon_refused, True, False),  # noqa: FBT003
    )
