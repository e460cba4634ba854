"""One zone: where it is, what is charged there, and how long a parcel takes."""

from typing import Any, Final

import reflex as rx

from checkout_app.delivery.zones import LONGEST_NAME, MOST_DAYS
from checkout_app.merchant.zones.views import ZONES, RateRow, StateTick, ZoneFormView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import RUPEES, back, office, office_page, part, sheet, sure, tick

VIEW: Final[Any] = page_data.view(ZoneFormView)
_LONGEST_PINS: Final = 700


@office_page(f"{ZONES}/[zone]")
def zone() -> rx.Component:
    """Build the page of one zone."""
    return office(
        ZONES,
        VIEW.desk,
        sheet("office-zones"),
        back("Delivery", ZONES),
        rx.el.h1(VIEW.title),
        rx.cond(VIEW.is_new, _form("POST"), rx.fragment(_form("PUT"), rx.cond(VIEW.action, _removal()))),
    )


def _form(method: str) -> rx.Component:
    return ApiForm.create(
        part("Where", _name(), _places()),
        part("What it costs", _charges()),
        rx.cond(
            VIEW.action,
            rx.el.div(form_notice("zone-", {}), button("Save the zone", type="submit"), class_name="stack"),
        ),
        label="Zone",
        action=VIEW.action,
        method=method,
        next=ZONES,
        fixed={"by": VIEW.by},
    )


def _name() -> rx.Component:
    return rx.fragment(
        field("name", "What people call it", wrong="", default_value=VIEW.name, max_length=LONGEST_NAME, required=True),
        tick("served", "Something is sent there", default_checked=VIEW.served),
    )


def _places() -> rx.Component:
    return rx.fragment(
        rx.el.details(
            rx.el.summary("Its States", class_name="link"),
            rx.el.fieldset(
                rx.el.legend("States of the zone", class_name="visually-hidden"),
                rx.foreach(VIEW.states, _state),
                class_name="zone-states",
            ),
            class_name="office-more",
        ),
        field(
            "pins",
            "How its PINs begin",
            wrong="",
            default_value=VIEW.pins,
            max_length=_LONGEST_PINS,
            hint="194, 682555. A PIN counts before a State; with neither, the zone is for all the rest.",
            custom_attrs={"data-list": ""},
        ),
    )


def _state(state: rx.Var[StateTick]) -> rx.Component:
    return tick("states", state.name, value=state.code, default_checked=state.ticked, custom_attrs={"data-list": ""})


def _charges() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            rx.cond(VIEW.by_weight, "By the weight of a parcel. ", "By what is in a parcel. "),
            NativeLink.create(
                rx.cond(VIEW.by_weight, "By what is in it instead", "By its weight instead"),
                href=VIEW.otherwise,
                class_name="link",
            ),
        ),
        rx.foreach(VIEW.rates, _rate),
        rx.el.p("The last one without an end is for whatever is beyond.", class_name="small muted"),
        rx.el.div(
            _typed("Free from, in rupees", "free_from", VIEW.free_from, **RUPEES),
            _days("days_from", "Days it takes at least", VIEW.days_from),
            _days("days_to", "And at most", VIEW.days_to),
            class_name="zone-rate",
        ),
    )


def _rate(row: rx.Var[RateRow]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            VIEW.by_weight,
            _typed("Up to, in grams", row.up_to_name, row.up_to, type="number", min="1"),
            _typed("Up to, in rupees", row.up_to_name, row.up_to, **RUPEES),
        ),
        _typed("Costs, in rupees", row.charge_name, row.charge, **RUPEES),
        class_name="zone-rate",
        key=row.charge_name,
    )


def _typed(label: str, name: Any, value: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.input(name=name, default_value=value, auto_complete="off", class_name="field-input", **props),
        class_name="field",
    )


def _days(name: str, label: str, value: Any) -> rx.Component:
    return _typed(label, name, value, type="number", min="0", max=str(MOST_DAYS))


def _removal() -> rx.Component:
    """Let the zone be removed, once somebody has read what that means."""
    return ApiForm.create(
        form_notice("remove-", {}),
        button("Remove this zone", type="submit", quiet=True),
        sure(
            "Confirm that the zone is removed",
            "Remove " + VIEW.title + "?",
            rx.el.p(
                "From then on its places are in the zone for all the rest, and get nothing where there is none. "
                "Without any zone the shop sends everywhere for nothing. Orders that exist stay as they are."
            ),
            does="Remove it",
        ),
        label="Remove the zone",
        action=VIEW.action,
        method="DELETE",
        next=ZONES,
    )
