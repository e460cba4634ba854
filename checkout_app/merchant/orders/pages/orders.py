"""The list of the shop's orders: saved views, a search, and a table to go through."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.search import LONGEST_SEARCH
from checkout_app.merchant.orders.views import LABELS, ORDERS, SLIPS, TOGETHER, OrdersView, RowView, TabView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, pill
from checkout_app.ui.native import ChooseAll, NativeForm, NativeLink, NewOrders
from checkout_app.ui.office import office, office_page, search, sheet, steps, tab, table, tabs

VIEW: Final[Any] = page_data.view(OrdersView)
_CHOSEN: Final = "ids"


@office_page(ORDERS)
def orders() -> rx.Component:
    """Build the list of the shop's orders."""
    return office(
        ORDERS,
        VIEW.desk,
        sheet("office-orders"),
        rx.el.div(rx.el.h1("Orders"), _search(), class_name="office-head"),
        tabs("Views", rx.foreach(VIEW.tabs, _tab)),
        rx.cond(
            VIEW.of_day,
            rx.el.p(
                VIEW.of_day,
                NativeLink.create("Any day", href=VIEW.any_day, class_name="link"),
                class_name="office-day",
            ),
        ),
        rx.cond(VIEW.asks, NewOrders.create(asks=VIEW.asks, known=VIEW.known)),
        rx.cond(VIEW.none, rx.el.p(VIEW.none, class_name="office-none"), _choice()),
        steps(
            VIEW,
            "Older orders",
            rx.cond(VIEW.table, NativeLink.create("Download as CSV", href=VIEW.table, class_name="link")),
        ),
    )


def _search() -> rx.Component:
    return search(
        "Search orders",
        ORDERS,
        VIEW.search,
        rx.el.input(type="hidden", name="view", value=VIEW.view, read_only=True),
        rx.cond(VIEW.day, rx.el.input(type="hidden", name="day", value=VIEW.day, read_only=True)),
        such_as="Order, buyer or amount",
        longest=LONGEST_SEARCH,
    )


def _tab(each: rx.Var[TabView]) -> rx.Component:
    return tab(each.name, each.href, current=each.current, count=each.count)


def _choice() -> rx.Component:
    """Let orders of the table be chosen, to do the same with all of them; the page of that says what can be."""
    return NativeForm.create(
        ChooseAll.create(name=_CHOSEN, label="All on this page"),
        _table(),
        rx.el.div(
            rx.cond(VIEW.may_ship, button("Ship", type="submit")),
            button("Packing slips", type="submit", quiet=True, form_action=SLIPS),
            button("Address labels", type="submit", quiet=True, form_action=LABELS),
            class_name="office-chosen",
        ),
        method="get",
        action=TOGETHER,
        aria_label="Orders",
        class_name="office-choice",
    )


def _table() -> rx.Component:
    choose = rx.el.span("Choose", class_name="visually-hidden")
    return table((choose, "Order", "Buyer", "What", "Status", "Amount"), rx.foreach(VIEW.rows, _row))


def _row(row: rx.Var[RowView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.label(
                rx.el.input(type="checkbox", name=_CHOSEN, value=row.id),
                rx.el.span("Choose ", row.number, class_name="visually-hidden"),
                class_name="office-box",
            )
        ),
        rx.el.td(
            NativeLink.create(row.number, href=row.href, class_name="office-open"),
            rx.el.p(row.date, class_name="small muted"),
        ),
        rx.el.td(rx.el.bdi(row.buyer), rx.cond(row.town, rx.el.p(row.town, class_name="small muted"))),
        rx.el.td(row.what, class_name="office-what"),
        rx.el.td(
            rx.el.div(
                pill(row.status, row.tone),
                rx.cond(row.sending, rx.el.span(row.sending, class_name="small muted")),
                rx.cond(row.waits, pill("Needs you", rx.Var.create("danger"))),
                class_name="office-pills",
            )
        ),
        rx.el.td(row.amount, class_name="amount"),
        key=row.href,
    )
