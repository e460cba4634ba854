"""What going live needs: one list, each thing with what to do about it."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.live.views import LiveView, StepView
from checkout_app.merchant.shop.pages.frame import shop_page
from checkout_app.merchant.shop.views import LIVE
from checkout_app.ui import page_data
from checkout_app.ui.kit import pill
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import office_page, part

VIEW: Final[Any] = page_data.view(LiveView)


@office_page(LIVE)
def live() -> rx.Component:
    """Build the page of what going live needs."""
    return shop_page(
        LIVE,
        VIEW.desk,
        rx.el.div(
            rx.el.p(VIEW.said, class_name="office-verdict"),
            NativeLink.create("Look again", href=LIVE, class_name="link"),
            class_name="office-head",
        ),
        part("Steps to live", rx.el.ul(rx.foreach(VIEW.steps, _step), class_name="office-lines")),
    )


def _step(step: rx.Var[StepView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(rx.el.h3(step.name), pill(step.status, step.tone), class_name="office-head"),
            rx.el.p(step.message),
        ),
        key=step.name,
    )
