"""Orders that were chosen on the list: who brings all of them, and their papers."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.pages.doing import carrier
from checkout_app.merchant.orders.together_view import ChosenView, TogetherView
from checkout_app.merchant.orders.views import ORDERS, TOGETHER
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, form_notice
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import back, office, office_page, part, sheet

VIEW: Final[Any] = page_data.view(TogetherView)


@office_page(TOGETHER)
def together() -> rx.Component:
    """Build the page of several orders."""
    return office(
        ORDERS,
        VIEW.desk,
        sheet("office-orders"),
        back("Orders", ORDERS),
        rx.el.h1(VIEW.title),
        rx.el.div(
            part("Parcels", rx.el.ul(rx.foreach(VIEW.orders, _order), class_name="office-lines"), _papers()),
            rx.cond(VIEW.ready.length() > 0, _ship()),
            class_name="office-two",
        ),
    )


def _order(order: rx.Var[ChosenView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(NativeLink.create(order.number, href=order.href, class_name="link"), " ", rx.el.bdi(order.buyer)),
            rx.cond(order.what, rx.el.p(order.what, class_name="small muted")),
            rx.cond(order.why, rx.el.p("It can't be shipped. ", order.why, class_name="small")),
        ),
        rx.cond(order.sending, rx.el.span(order.sending, class_name="pill")),
        key=order.href,
    )


def _papers() -> rx.Component:
    return rx.el.p(
        NativeLink.create(rx.icon("printer", size=16), "Packing slips", href=VIEW.slips, class_name="link"),
        NativeLink.create(rx.icon("printer", size=16), "Address labels", href=VIEW.labels, class_name="link"),
        class_name="office-ways",
    )


def _ship() -> rx.Component:
    return part(
        "Ship",
        rx.el.p(
            "All that is left of each goes in a parcel of its own, of which its buyer is told.", class_name="muted"
        ),
        ApiForm.create(
            carrier(),
            form_notice("together-", {}),
            button(VIEW.doing, type="submit", wide=True),
            label="Ship",
            action="/api/merchant/shipments",
            fixed={"order_ids": VIEW.ready},
        ),
    )
