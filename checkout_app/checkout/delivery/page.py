"""The delivery section of the checkout page: native fields, of which the PIN fills in town and State."""

from typing import Any

import reflex as rx

from checkout_app.checkout.delivery.state import LONGEST_PIN
from checkout_app.checkout.delivery.views import StateChoice
from checkout_app.checkout.state import CheckoutState
from checkout_app.ui.kit import field

FORM = "order-form"
"""The id of the form around all that is sent with the order. Pay is not in it, so that Enter in a field never pays."""
TYPED: rx.Var[dict[str, str]] = rx.Var(
    f"Object.fromEntries(new FormData(document.getElementById({FORM!r})))", _var_type=dict[str, str]
)
"""What the form holds in the moment in which it is asked."""
_PLACE = CheckoutState.place
_CHARGE = CheckoutState.summary.delivery


def delivery_section() -> rx.Component:
    """Build the section; there is none where nothing is sent."""
    return rx.cond(
        CheckoutState.needs_address,
        rx.el.section(
            rx.el.h2("Delivery", id="delivery"),
            _fields(),
            rx.el.p(
                rx.cond(
                    _CHARGE,
                    rx.fragment("Delivery: ", rx.el.strong(_CHARGE), ". ", CheckoutState.summary.takes),
                    "The PIN says what delivery costs.",
                ),
                role="status",
            ),
            rx.cond(~CheckoutState.guest, _keep()),
            rx.el.p(
                "Name, house, landmark, town, State and PIN are for the parcel's label, the phone is for the courier "
                "and for Razorpay's window. PIN and State say what delivery costs, and which tax is in the price. All "
                "of it is kept with the order, for you and for the shop.",
                class_name="small muted",
            ),
            class_name="checkout-part delivery-part",
            aria_labelledby="delivery",
        ),
    )


def delivery_row() -> rx.Component:
    """Build the row of the summary that says what delivery costs."""
    return rx.cond(
        CheckoutState.needs_address,
        rx.el.div(
            rx.el.dt("Delivery"),
            rx.el.dd(rx.cond(_CHARGE, _CHARGE, "by your PIN"), class_name="amount"),
            class_name="summary-row",
        ),
    )


def _fields() -> rx.Component:
    typed = CheckoutState.typed
    return rx.el.div(
        _field("name", "Name", autocomplete="shipping name", default_value=typed.name, max_length=80),
        _field("phone", "Mobile number", type="tel", autocomplete="shipping tel", default_value=typed.phone),
        _field(
            "pin",
            "PIN code",
            input_mode="numeric",
            autocomplete="shipping postal-code",
            default_value=typed.pin,
            max_length=LONGEST_PIN,
            on_change=_look_up,
        ),
        _field(
            "town",
            "Town or city",
            autocomplete="shipping address-level2",
            default_value=_PLACE.town,
            key=_PLACE.pin,
            max_length=60,
        ),
        _state(),
        _field(
            "line1",
            "House, street, area",
            autocomplete="shipping address-line1",
            default_value=typed.line1,
            max_length=120,
        ),
        _field(
            "landmark",
            "Landmark (optional)",
            autocomplete="shipping address-line2",
            default_value=typed.landmark,
            max_length=80,
        ),
        # What Enter in a field presses: without one, browsers do nothing.
        rx.el.button("Go on", type="submit", class_name="visually-hidden", tab_index=-1, aria_hidden="true"),
        class_name="delivery-fields",
    )


def _look_up(pin: rx.Var[str]) -> Any:
    """Ask for the PIN once all of it is there."""
    return rx.cond(pin.length() >= 6, CheckoutState.look_up_pin(pin), rx.noop())  # noqa: PLR2004 - a PIN has six digits


def _field(name: str, label: str, *options: rx.Component, **props: Any) -> rx.Component:
    wrong = CheckoutState.wrong[name]
    return field(name, label, *options, wrong=wrong, prefix="delivery-", class_name=f"delivery-{name}", **props)


def _state() -> rx.Component:
    return _field(
        "state",
        "State",
        rx.cond(_PLACE.state, rx.fragment(), rx.el.option(rx.cond(_PLACE.pin, "Choose", "By the PIN"), value="")),
        rx.foreach(_PLACE.states, _choice),
        custom_attrs={"autoComplete": "shipping address-level1"},
        default_value=_PLACE.state,
        key=_PLACE.pin,
        on_change=CheckoutState.choose_state,
    )


def _choice(choice: rx.Var[StateChoice]) -> rx.Component:
    return rx.el.option(choice.name, value=choice.code)


def _keep() -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name="keep", value="on"),
        "Keep this address for my next order",
        class_name="keep-address",
    )
