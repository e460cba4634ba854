"""What can be done with one of the shop's orders: ship it, take back what came back, refund what it was of.

Each form is sent to the API, which decides; the page only offers what may be done.
"""

from typing import Any, Final

import reflex as rx

from checkout_app.fulfilment.models import LONGEST_CARRIER, LONGEST_TRACKING
from checkout_app.merchant.orders.one_view import OneOrderView
from checkout_app.merchant.orders.sending_view import ParcelView, UnitsView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import part, sure, tick

VIEW: Final[Any] = page_data.view(OneOrderView)
_REFUND: Final[Any] = VIEW.refund
_SENDING: Final[Any] = VIEW.parcels
_CARRIERS: Final = ("India Post", "Delhivery", "DTDC", "Blue Dart", "Ekart", "Xpressbees", "Shadowfax", "By hand")
_LONGEST_REASON: Final = 200


def parcels() -> rx.Component:
    """Show what was sent and came back of the order, and let the rest be shipped."""
    any_of_it = (_SENDING.left.length() > 0) | (_SENDING.parcels.length() > 0)
    return rx.cond(
        any_of_it,
        part(
            "Parcels",
            rx.cond(
                _SENDING.parcels.length() > 0,
                rx.el.ul(rx.foreach(_SENDING.parcels, _parcel), class_name="office-lines"),
            ),
            _papers(),
            rx.cond(_SENDING.left.length() > 0, _ship()),
            rx.cond(_SENDING.out.length() > 0, _take_back()),
        ),
    )


def _parcel(parcel: rx.Var[ParcelView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(parcel.about),
            rx.el.p(parcel.what, class_name="small muted"),
            rx.el.p(parcel.at, class_name="small muted"),
        ),
        rx.cond(
            parcel.path,
            ApiForm.create(
                form_notice("delivered-", {}),
                button("It arrived", type="submit", quiet=True),
                label="Arrived: " + parcel.about + ", " + parcel.what,
                action=parcel.path,
            ),
        ),
    )


def _papers() -> rx.Component:
    """Lead to what is printed for a parcel."""
    return rx.el.p(
        _paper(_SENDING.slip, "Packing slip"), _paper(_SENDING.label, "Address label"), class_name="office-ways"
    )


def _paper(href: rx.Var[str], name: str) -> rx.Component:
    return rx.cond(href, NativeLink.create(rx.icon("printer", size=16), name, href=href, class_name="link"))


def _ship() -> rx.Component:
    return ApiForm.create(
        rx.foreach(_SENDING.left, lambda line: _units(line, "ship", line.most)),
        carrier(),
        _text("tracking", "Tracking number, if there is one", LONGEST_TRACKING),
        form_notice("ship-", {}),
        button("Mark as shipped", type="submit", wide=True),
        label="Ship",
        action="/api/merchant/orders/" + VIEW.id + "/shipments",
    )


def carrier() -> rx.Component:
    """Ask who brings a parcel, and offer whom shops mostly ask."""
    return rx.fragment(
        _text("carrier", "Who brings it", LONGEST_CARRIER, required=True, list="carriers"),
        rx.el.datalist(*(rx.el.option(value=name) for name in _CARRIERS), id="carriers"),
    )


def _take_back() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Something came back", class_name="link"),
        ApiForm.create(
            rx.foreach(_SENDING.out, lambda line: _units(line, "back")),
            tick("restock", "Put it on the shelf again", default_checked=True),
            form_notice("back-", {}),
            button("It is here again", type="submit", wide=True, quiet=True),
            label="Take back",
            action="/api/merchant/orders/" + VIEW.id + "/returns",
        ),
        class_name="office-more",
    )


def _text(name: str, label: str, longest: int, **props: Any) -> rx.Component:
    return field(name, label, wrong="", prefix="order-", max_length=longest, auto_complete="off", **props)


def refund() -> rx.Component:
    """Let units of its lines and what sending it cost be given back, once somebody has read what the buyer will."""
    return part(
        "Refund",
        rx.el.p("Up to ", _REFUND.left, " can go back.", class_name="muted"),
        ApiForm.create(
            rx.foreach(_REFUND.lines, lambda line: _units(line, "refund")),
            rx.cond(
                _REFUND.delivery,
                tick("delivery", "Delivery, ", _REFUND.delivery, custom_attrs={"data-worth": _REFUND.delivery_worth}),
            ),
            _text("reason", "Why, in words the buyer will read", _LONGEST_REASON, required=True),
            tick("restock", "Back on the shelf, once all of it is refunded", default_checked=True),
            form_notice("refund-", {}),
            button("Refund ", _total(), type="submit", wide=True, quiet=True),
            _sure(),
            label="Refund",
            action="/api/merchant/refunds",
            currency=_REFUND.currency,
            fixed={"payment_id": _REFUND.payment},
        ),
    )


def _total() -> rx.Component:
    return rx.el.span("₹0.00", class_name="amount", custom_attrs={"data-total": ""})


def _units(line: rx.Var[UnitsView], doing: str, units: rx.Var[int] | int = 0) -> rx.Component:
    """Ask how many units of a line, of those that there may be."""
    field_id = f"{doing}-{line.id}"
    return rx.el.div(
        rx.el.label(line.name, html_for=field_id),
        rx.el.input(
            id=field_id,
            name="lines",
            type="number",
            min="0",
            max=line.most,
            default_value=units,
            input_mode="numeric",
            class_name="field-input",
            custom_attrs={"data-part": line.part, "data-worth": line.worths},
        ),
        rx.el.span("of ", line.most, class_name="small muted"),
        class_name="office-units",
    )


def _sure() -> rx.Component:
    """Say what is about to happen, as the buyer will hear of it."""
    return sure(
        "Confirm the refund",
        rx.fragment("Give ", _total(), " back?"),
        rx.el.p(
            "It goes to ", rx.el.bdi(VIEW.buyer.name), " the way it came, and can't be called off. They will read:"
        ),
        rx.el.blockquote(_total(), " is on its way back. ", rx.el.span(custom_attrs={"data-said": ""})),
        does=rx.fragment("Refund ", _total()),
    )
