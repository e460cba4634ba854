"""Where the shop sends and what that costs, and a bench to try it on: a PIN, and what a parcel there would cost."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.zones.views import ZONES, BenchView, ZonesView, ZoneView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, button_link
from checkout_app.ui.native import NativeForm, NativeLink
from checkout_app.ui.office import office, office_page, part

VIEW: Final[Any] = page_data.view(ZonesView)
_BENCH: Final[Any] = VIEW.bench.to(BenchView)
_LONGEST: Final = 40


@office_page(ZONES)
def delivery() -> rx.Component:
    """Build the page of where the shop sends."""
    return office(
        ZONES,
        VIEW.desk,
        rx.el.div(
            rx.el.h1("Delivery"),
            rx.cond(VIEW.new, button_link("Add a zone", href=VIEW.new, quiet=True)),
            class_name="office-head",
        ),
        rx.el.div(
            rx.cond(
                VIEW.zones.length() > 0,
                part("Where you send", rx.el.ul(rx.foreach(VIEW.zones, _zone), class_name="office-lines")),
                rx.el.p(
                    "There are no zones: the shop sends everywhere for nothing, and asks nobody for an address.",
                    class_name="office-none",
                ),
            ),
            _bench(),
            class_name="office-two",
        ),
    )


def _zone(zone: rx.Var[ZoneView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(zone.name, href=zone.href, class_name="link"),
            rx.el.p(zone.places),
            rx.el.p(zone.terms, class_name="small muted"),
        ),
        key=zone.href,
    )


def _bench() -> rx.Component:
    return part(
        "What would it cost?",
        NativeForm.create(
            _typed("pin", "PIN", _BENCH.pin, required=True),
            _typed("weight", "Weight in grams", _BENCH.weight),
            _typed("value", "What is in it, in rupees", _BENCH.value),
            _typed("state", "State, where a PIN lies in two", _BENCH.state, input_mode="text"),
            button("Say it", type="submit", quiet=True, wide=True),
            method="get",
            action=ZONES,
            class_name="api-form",
            aria_label="What would it cost?",
        ),
        rx.el.div(
            rx.cond(
                _BENCH.said,
                rx.fragment(rx.el.p(rx.el.strong(_BENCH.said)), rx.el.p(_BENCH.why, class_name="small muted")),
            ),
            rx.cond(_BENCH.wrong, rx.el.p(_BENCH.wrong)),
            role="status",
        ),
    )


def _typed(name: str, label: str, value: Any, **props: Any) -> rx.Component:
    field_id = f"bench-{name}"
    props = {"input_mode": "numeric", "max_length": _LONGEST, "auto_complete": "off", **props}
    return rx.el.div(
        rx.el.label(label, html_for=field_id, class_name="field-label"),
        rx.el.input(id=field_id, name=name, default_value=value, class_name="field-input", **props),
        class_name="field",
    )
