"""The coupon's field on the checkout page: closed until somebody who has one opens it."""

import reflex as rx

from checkout_app.checkout.coupon.state import FIELD, LONGEST_TYPED
from checkout_app.checkout.delivery.page import TYPED
from checkout_app.checkout.state import CheckoutState
from checkout_app.ui.attention import ASKS
from checkout_app.ui.kit import button

_ID, _ERROR = "coupon", "coupon-error"
_REFUSED = CheckoutState.coupon_refused


def coupon_section() -> rx.Component:
    """Build the section."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(rx.cond(CheckoutState.coupon, f"Coupon {CheckoutState.coupon}", "Have a coupon?")),
            rx.icon("chevron-down", size=18),
            class_name="disclosure-line",
        ),
        rx.el.div(
            rx.el.label("Code", html_for=_ID, class_name="field-label"),
            rx.el.div(
                rx.el.input(
                    id=_ID,
                    name=FIELD,
                    default_value=CheckoutState.coupon,
                    key=CheckoutState.coupon,
                    max_length=LONGEST_TYPED,
                    autocomplete="off",
                    auto_capitalize="characters",
                    class_name="field-input",
                    aria_invalid=rx.cond(_REFUSED, "true", "false"),
                    aria_describedby=_ERROR,
                ),
                button("Apply", quiet=True, on_click=CheckoutState.use_coupon(TYPED), custom_attrs=ASKS),
                class_name="field-row",
            ),
            rx.el.div(
                rx.cond(
                    _REFUSED, rx.el.div(rx.icon("circle-alert", size=14), rx.el.p(_REFUSED), class_name="field-error")
                ),
                id=_ERROR,
                role="alert",
            ),
            class_name="field disclosure-body",
        ),
        class_name="disclosure",
        open=rx.cond(_REFUSED, True, False),  # noqa: FBT003
    )
