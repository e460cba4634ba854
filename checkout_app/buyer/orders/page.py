"""The list of orders, to be read like a bank statement."""

import reflex as rx

from checkout_app.buyer.orders.state import OrdersState
from checkout_app.buyer.orders.views import StatementLine
from checkout_app.buyer.requests.api import ASK
from checkout_app.ui.attention import ASKS
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, message, notice, pill, skeleton
from checkout_app.ui.page import page
from checkout_app.ui.taking_long import taking_long

_UNMATCHED = (
    "Razorpay led you here without saying which order that was about. An order that you have paid says so here within "
    "two minutes."
)


@page(
    "/orders",
    title="My orders",
    description="Your orders and their receipts.",
    load=OrdersState.load,
    forms=ASK,
)
def orders() -> rx.Component:
    """Build the list of one's own orders."""
    return frame(
        notice(rx.cond(OrdersState.unmatched, _UNMATCHED, "").to(str)),
        rx.cond(
            OrdersState.loaded & ~OrdersState.items.bool(),
            _none_yet(),
            rx.el.section(
                rx.el.h1("My orders"),
                rx.cond(OrdersState.loaded, _statement(), _skeleton()),
                class_name="stack",
            ),
        ),
    )


def _statement() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(OrdersState.items, _line), class_name="statement"),
        rx.cond(OrdersState.more, rx.el.div(_older())),
        rx.cond(
            OrdersState.guest,
            rx.el.p("You are buying as a guest, so this list is kept on this device only.", class_name="small muted"),
        ),
    )


def _older() -> rx.Component:
    return button("Show older orders", quiet=True, on_click=OrdersState.show_older, custom_attrs=ASKS)


def _line(line: rx.Var[StatementLine]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(line.date, class_name="statement-date amount"),
            rx.el.span(line.title, class_name="statement-title"),
            rx.el.span(pill(line.status, line.tone), class_name="statement-status"),
            rx.el.span(line.amount, class_name="statement-amount amount"),
            href=line.href,
            class_name="statement-line",
        ),
        key=line.href,
    )


def _none_yet() -> rx.Component:
    return message(
        "receipt-indian-rupee",
        "No orders yet",
        "What you buy stays here, with its receipt.",
        button_link("See what there is", href="/"),
    )


def _skeleton() -> rx.Component:
    rows = [skeleton("100%", "3.5rem") for _ in range(3)]
    return rx.el.div(taking_long("The list of your orders"), *rows, class_name="statement stack", aria_busy="true")
