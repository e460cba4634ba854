"""The list of what Razorpay told the shop, the newest first."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.needs.views import NEEDS
from checkout_app.merchant.webhooks.views import WEBHOOKS, MessagesView, MessageView
from checkout_app.ui import page_data
from checkout_app.ui.kit import pill
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import back, office, office_page, steps, table

VIEW: Final[Any] = page_data.view(MessagesView)


@office_page(WEBHOOKS)
def messages() -> rx.Component:
    """Build the list of what Razorpay told."""
    return office(
        NEEDS,
        VIEW.desk,
        rx.cond(VIEW.payment, back("What Razorpay told", WEBHOOKS), back("Needs you", NEEDS)),
        rx.el.div(
            rx.el.h1(rx.cond(VIEW.payment, "What Razorpay told of a payment", "What Razorpay told")),
            rx.cond(
                VIEW.payment,
                rx.el.p(NativeLink.create(VIEW.payment, href=VIEW.order, class_name="link")),
                rx.el.p(
                    "Each message is kept before it is acknowledged, and handled until it is done.",
                    class_name="small muted",
                ),
            ),
            class_name="stack",
        ),
        rx.cond(
            VIEW.none,
            rx.el.p(VIEW.none, class_name="office-none"),
            table(("Message", "How it went", "Came"), rx.foreach(VIEW.rows, _row)),
        ),
        steps(
            VIEW,
            "Older messages",
            rx.cond(VIEW.later, NativeLink.create("Later messages", href=VIEW.later, class_name="link")),
        ),
    )


def _row(row: rx.Var[MessageView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(NativeLink.create(row.event, href=row.href, class_name="office-open")),
        rx.el.td(pill(row.how, row.tone)),
        rx.el.td(rx.el.span(row.at, class_name="small muted")),
        key=row.id,
    )
