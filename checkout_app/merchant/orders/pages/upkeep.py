"""What keeps one of the shop's orders in order: a note about it, and giving it up unpaid.

Each form is sent to the API, which decides; the page only offers what may be done.
"""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.orders.one_view import OneOrderView
from checkout_app.orders.by_shop import LONGEST_NOTE
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, form_notice
from checkout_app.ui.native import ApiForm
from checkout_app.ui.office import part

VIEW: Final[Any] = page_data.view(OneOrderView)
_API: Final = "/api/merchant/orders/" + VIEW.id


def note() -> rx.Component:
    """Let something be written down that the buyer never reads."""
    return ApiForm.create(
        rx.el.div(
            rx.el.label("Note, for the shop alone", html_for="order-note", class_name="field-label"),
            rx.el.textarea(
                id="order-note", name="note", rows="2", max_length=LONGEST_NOTE, required=True, class_name="field-input"
            ),
            class_name="field",
        ),
        form_notice("note-", {}),
        button("Note it", type="submit", quiet=True),
        label="Note",
        action=_API + "/notes",
    )


def cancel() -> rx.Component:
    """Let it be given up, once somebody has read what that means."""
    return part(
        "Not paid",
        rx.el.details(
            rx.el.summary("Cancel this order", class_name="link"),
            ApiForm.create(
                rx.el.p(
                    "Its items go back on the shelf, and it can't be paid any more. Money that comes for it all the "
                    "same goes back to the buyer. Its page tells them; no mail does."
                ),
                form_notice("cancel-", {}),
                button("Yes, cancel it", type="submit", wide=True, quiet=True),
                label="Cancel",
                action=_API + "/cancel",
            ),
            class_name="office-more",
        ),
    )
