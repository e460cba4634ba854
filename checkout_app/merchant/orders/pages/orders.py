"""The list of the shop's orders: saved views, a search, and a table to go through."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.search import LONGEST_SEARCH
from checkout_app.merchant.orders.views import ORDERS, OrdersView, RowView, TabView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, pill
from checkout_app.ui.native import NativeForm, NativeLink
from checkout_app.ui.office import office, office_page

VIEW: Final[Any] = page_data.view(OrdersView)


@office_page(ORDERS)
def orders() -> rx.Component:
    """Build the list of the shop's orders."""
    return office(
        ORDERS,
        VIEW.desk,
        rx.el.div(rx.el.h1("Orders"), _search(), class_name="office-head"),
        rx.el.nav(rx.foreach(VIEW.tabs, _tab), class_name="office-tabs", aria_label="Views"),
        rx.cond(VIEW.none, rx.el.p(VIEW.none, class_name="office-none"), _table()),
        rx.el.div(
            rx.cond(VIEW.newest, NativeLink.create("Back to the newest", href=VIEW.newest, class_name="link")),
            rx.cond(VIEW.older, NativeLink.create("Older orders", href=VIEW.older, class_name="link")),
            class_name="office-steps",
        ),
    )


def _search() -> rx.Component:
    return NativeForm.create(
        rx.el.input(type="hidden", name="view", value=VIEW.view, read_only=True),
        rx.el.label("Search orders", html_for="search", class_name="visually-hidden"),
        rx.el.input(
            id="search",
            name="search",
            type="search",
            max_length=LONGEST_SEARCH,
            default_value=VIEW.search,
            placeholder="Number, name, e-mail, phone, payment or amount",
            class_name="field-input",
        ),
        button("Search", type="submit", quiet=True),
        method="get",
        action=ORDERS,
        class_name="office-search",
        role="search",
    )


def _tab(tab: rx.Var[TabView]) -> rx.Component:
    return NativeLink.create(
        tab.name,
        rx.cond(tab.count, rx.el.span(tab.count, class_name="office-count")),
        href=tab.href,
        class_name="office-tab",
        aria_current=rx.cond(tab.current, "page", "false"),
        key=tab.name,
    )


def _table() -> rx.Component:
    headings = ("Order", "Buyer", "What", "Status", "Amount")
    return rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(heading, scope="col") for heading in headings))),
        rx.el.tbody(rx.foreach(VIEW.rows, _row)),
        class_name="office-table",
    )


def _row(row: rx.Var[RowView]) -> rx.Component:
    return rx.el.tr(
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
