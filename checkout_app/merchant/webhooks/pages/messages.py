"""The list of what Razorpay told the shop, the newest first."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.needs.views import NEEDS
from checkout_app.merchant.webhooks.views import WEBHOOKS, MessagesView, MessageView
from checkout_app.ui import page_data
from checkout_app.ui.kit import pill
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import office, office_page

VIEW: Final[Any] = page_data.view(MessagesView)


@office_page(WEBHOOKS)
def messages() -> rx.Component:
    """Build the list of what Razorpay told."""
    return office(
        NEEDS,
        VIEW.desk,
        NativeLink.create(rx.icon("arrow-left", size=16), "Needs you", href=NEEDS, class_name="link office-back"),
        rx.el.div(
            rx.el.h1("What Razorpay told"),
            rx.el.p(
                "Each message is kept before it is acknowledged, and handled until it is done.",
                class_name="small muted",
            ),
            class_name="stack",
        ),
        rx.cond(VIEW.none, rx.el.p(VIEW.none, class_name="office-none"), _table()),
        rx.el.div(
            rx.cond(VIEW.newest, NativeLink.create("Back to the newest", href=VIEW.newest, class_name="link")),
            rx.cond(VIEW.older, NativeLink.create("Older messages", href=VIEW.older, class_name="link")),
            class_name="office-steps",
        ),
    )


def _table() -> rx.Component:
    headings = ("Message", "How it went", "Came")
    return rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(heading, scope="col") for heading in headings))),
        rx.el.tbody(rx.foreach(VIEW.rows, _row)),
        class_name="office-table",
    )


def _row(row: rx.Var[MessageView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(NativeLink.create(row.event, href=row.href, class_name="office-open")),
        rx.el.td(pill(row.how, row.tone)),
        rx.el.td(rx.el.span(row.at, class_name="small muted")),
        key=row.id,
    )
