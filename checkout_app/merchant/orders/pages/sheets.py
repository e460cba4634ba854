"""Packing slips and address labels: one a sheet of paper, and nothing else on it."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.sheets_view import LabelsView, LabelView, PackedView, SlipsView, SlipView
from checkout_app.merchant.orders.views import LABELS, ORDERS, SLIPS
from checkout_app.ui import page_data
from checkout_app.ui.kit import notice
from checkout_app.ui.native import PrintButton
from checkout_app.ui.office import back, office, office_page, sheet

SLIPS_VIEW: Final[Any] = page_data.view(SlipsView)
LABELS_VIEW: Final[Any] = page_data.view(LabelsView)


@office_page(SLIPS)
def slips() -> rx.Component:
    """Build the packing slips of some orders."""
    return _sheets("Packing slips", SLIPS_VIEW, rx.foreach(SLIPS_VIEW.slips, _slip))


@office_page(LABELS)
def labels() -> rx.Component:
    """Build the address labels of some orders."""
    return _sheets("Address labels", LABELS_VIEW, rx.foreach(LABELS_VIEW.labels, _label))


def _sheets(title: str, view: Any, sheets: rx.Component) -> rx.Component:
    return office(
        ORDERS,
        view.desk,
        sheet("office-orders"),
        rx.el.div(
            back("Orders", ORDERS),
            rx.el.div(
                rx.el.h1(title), PrintButton.create(rx.icon("printer", size=18), "Print"), class_name="office-head"
            ),
            notice(view.without, "info", role="status"),
            class_name="stack sheets-head",
        ),
        rx.el.div(sheets, class_name="sheets"),
    )


def _slip(slip: rx.Var[SlipView]) -> rx.Component:
    return rx.el.article(
        rx.el.p(SLIPS_VIEW.shop, class_name="muted"),
        rx.el.h2("Order ", slip.number),
        rx.el.p(rx.el.bdi(slip.name), class_name="sheet-name"),
        rx.el.p(slip.ordered, class_name="muted"),
        rx.el.ul(rx.foreach(slip.lines, _packed), class_name="sheet-lines"),
        rx.el.p(slip.units, class_name="sheet-units"),
        class_name="sheet",
        key=slip.number,
    )


def _packed(packed: rx.Var[PackedView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(packed.quantity, " ×", class_name="sheet-quantity"),  # noqa: RUF001 - a true multiplication sign
        rx.el.div(packed.name, rx.el.p(packed.sku, class_name="small muted")),
    )


def _label(label: rx.Var[LabelView]) -> rx.Component:
    return rx.el.article(
        rx.el.h2(rx.el.bdi(label.name)),
        rx.el.address(rx.foreach(label.lines, rx.el.bdi), class_name="office-address"),
        rx.el.p("PIN ", rx.el.strong(label.pin, class_name="sheet-pin")),
        rx.el.p("Phone ", label.phone),
        rx.el.p(
            "From ",
            LABELS_VIEW.shop,
            rx.cond(LABELS_VIEW.state, rx.fragment(", ", LABELS_VIEW.state)),
            rx.el.span("Order ", label.number),
            class_name="small sheet-from",
        ),
        class_name="sheet sheet-label",
        key=label.number,
    )
