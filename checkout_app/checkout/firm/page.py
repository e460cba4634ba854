"""The section of the checkout page for who buys for a firm: closed until somebody who does opens it."""

from typing import Any

import reflex as rx

from checkout_app.checkout.firm.state import GSTIN, LONGEST_TYPED, NAME, PREFIX
from checkout_app.checkout.state import CheckoutState
from checkout_app.orders.firms import LONGEST_NAME
from checkout_app.ui.kit import field

_STATE = CheckoutState.gstin_state
_GOES_TO = CheckoutState.place.state
_QUESTION = "Buying for a business? Add a GSTIN"


def firm_section() -> rx.Component:
    """Build the section; there is none where the seller collects no tax that a firm could be credited."""
    return rx.cond(
        CheckoutState.summary.asks_firm,
        rx.el.details(
            rx.el.summary(
                rx.el.span(rx.cond(_STATE.name, f"For a business in {_STATE.name}", _QUESTION)),
                rx.icon("chevron-down", size=18),
                class_name="disclosure-line",
            ),
            rx.el.div(_fields(), _notice(), _warning(), class_name="disclosure-body firm-fields"),
            class_name="disclosure",
            open=CheckoutState.firm_open,
        ),
    )


def _fields() -> rx.Component:
    return rx.fragment(
        _field(
            GSTIN,
            "GSTIN",
            default_value=CheckoutState.gstin,
            max_length=LONGEST_TYPED,
            autocomplete="off",
            auto_capitalize="characters",
            spell_check=False,
            on_blur=CheckoutState.look_up_gstin,
        ),
        _field(
            NAME,
            "Name of the business",
            default_value=CheckoutState.firm,
            max_length=LONGEST_NAME,
            autocomplete="organization",
        ),
    )


def _field(name: str, label: str, **props: Any) -> rx.Component:
    return field(name, label, wrong=CheckoutState.firm_wrong[name], prefix=PREFIX, **props)


def _warning() -> rx.Component:
    """Warn who may not be credited the tax, because it is another State's."""
    return rx.el.p(
        rx.cond(
            _STATE.code.bool() & _GOES_TO.bool() & (_STATE.code != _GOES_TO),
            f"This GSTIN is of {_STATE.name}, and the parcel goes to another State. The GST is that of where it goes: "
            "ask your accountant whether you can claim it.",
            "",
        ),
        role="status",
    )


def _notice() -> rx.Component:
    return rx.el.p(
        "Both are kept with the order, for you and for the shop, so that a tax invoice can name them.",
        class_name="small muted",
    )
