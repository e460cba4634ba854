"""One message of Razorpay's: what it says, how it went, and handling it again."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.needs.views import NEEDS
from checkout_app.merchant.webhooks.views import WEBHOOKS, OneMessageView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, form_notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import back, office, office_page, part, sheet

VIEW: Final[Any] = page_data.view(OneMessageView)
_ABOUT: Final[Any] = VIEW.about


@office_page(f"{WEBHOOKS}/[webhook_id]")
def message() -> rx.Component:
    """Build the page of one message."""
    return office(
        NEEDS,
        VIEW.desk,
        sheet("office-needs"),
        back("What Razorpay told", WEBHOOKS),
        rx.el.div(
            rx.el.h1(_ABOUT.event),
            rx.el.p(
                pill(_ABOUT.how, _ABOUT.tone),
                rx.el.span("Came on ", _ABOUT.at, class_name="muted small"),
                class_name="office-pills",
            ),
            rx.el.p(_ABOUT.id, class_name="muted small"),
            class_name="stack",
        ),
        rx.cond(
            VIEW.payment,
            rx.el.p("About ", NativeLink.create(VIEW.payment, href=VIEW.order, class_name="link"), "."),
        ),
        rx.cond(VIEW.again, _again()),
        part(
            "What it says",
            rx.cond(
                VIEW.body,
                rx.el.pre(VIEW.body, class_name="needs-words", tab_index=0, aria_label="What it says"),
                rx.el.p(
                    "Its words name people, so they are not kept for ever, and these have been let go. That it came is"
                    " still known.",
                    class_name="muted",
                ),
            ),
        ),
    )


def _again() -> rx.Component:
    return ApiForm.create(
        form_notice("again-", {}),
        rx.el.p(
            button("Handle again", type="submit", quiet=True),
            rx.el.span(
                "What it says is asked of Razorpay again. Nothing is done twice by it.", class_name="small muted"
            ),
            class_name="office-pills",
        ),
        label="Handle again",
        action=VIEW.again,
    )
