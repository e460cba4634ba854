"""The questions that the policies are made from, and the pages that follow."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.policies.views import PageView, PoliciesView
from checkout_app.merchant.shop.pages.frame import said_field, shop_page
from checkout_app.merchant.shop.views import POLICIES
from checkout_app.seller.policies.models import LONGEST_ANSWER, LONGEST_STORY, MOST_DAYS, Pays
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, form_notice, notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import office_page, part, tick

VIEW: Final[Any] = page_data.view(PoliciesView)
_SAID: Final[Any] = VIEW.answers


@office_page(POLICIES)
def policies() -> rx.Component:
    """Build the page of the questions."""
    return shop_page(
        POLICIES,
        VIEW.desk,
        rx.cond(
            VIEW.saved,
            notice(
                rx.Var.create("The pages are written, and linked below every page of the shop. Read each of them."),
                "success",
                "check",
                "status",
            ),
        ),
        rx.el.p(
            "Razorpay gives a live key only to a shop with these pages, and the law wants them too. Answer ten "
            "questions and they are written. They say how this shop works, and are a beginning: read each of them, and "
            "change what is not so."
        ),
        rx.el.div(
            rx.el.div(_questions(), class_name="office-column"),
            rx.el.div(_pages(), class_name="office-column"),
            class_name="office-two",
        ),
    )


def _questions() -> rx.Component:
    return part(
        "Ten questions",
        ApiForm.create(
            rx.el.fieldset(*_fields(), disabled=~VIEW.changes, class_name="office-fields", aria_label="Ten questions"),
            form_notice("answers-", {}),
            rx.cond(VIEW.changes, button("Write the pages", type="submit")),
            label="Ten questions",
            action="/api/merchant/policies",
            method="PUT",
            next=f"{POLICIES}?saved=1",
        ),
    )


def _fields() -> tuple[rx.Component, ...]:
    return (
        said_field("story", "Who are you?", _SAID.story, rows=3, max_length=LONGEST_STORY, hint="A few sentences."),
        said_field("makes", "What do you sell?", _SAID.makes, max_length=LONGEST_ANSWER),
        said_field("ships_to", "Where do you ship to?", _SAID.ships_to, max_length=LONGEST_ANSWER, required=True),
        _days("dispatch_days", "Within how many working days does a parcel leave you?", _SAID.dispatch_days),
        _days("transit_days", "How many days is it on its way, at most?", _SAID.transit_days),
        tick(
            "cancels",
            "Who has paid may cancel until it is shipped",
            id="shop-cancels",
            default_checked=_SAID.cancels,
        ),
        _days("return_days", "For how many days after it arrived may it be returned?", _SAID.return_days, fewest=0),
        said_field(
            "return_paid_by",
            "Who pays for the way back?",
            _SAID.return_paid_by,
            rx.el.option("The buyer", value=Pays.BUYER.value),
            rx.el.option("The shop", value=Pays.SELLER.value),
            hint="For what came broken or wrong it is always the shop.",
        ),
        said_field(
            "not_returned",
            "What can't be returned?",
            _SAID.not_returned,
            hint="Such as food, soap that was opened, and what is made to order.",
            max_length=LONGEST_ANSWER,
        ),
        _days("refund_days", "Within how many days do you send money back?", _SAID.refund_days),
    )


def _days(name: str, label: str, value: Any, fewest: int = 1) -> rx.Component:
    hint = "0 for not at all." if fewest == 0 else ""
    limits = {"min": fewest, "max": MOST_DAYS, "input_mode": "numeric", "required": True}
    return said_field(name, label, value, type="number", hint=hint, **limits)


def _pages() -> rx.Component:
    return part("Pages", rx.el.ul(rx.foreach(VIEW.pages, _page), class_name="office-lines"))


def _page(page: rx.Var[PageView]) -> rx.Component:
    title = rx.cond(page.since, NativeLink.create(page.title, href=page.href, class_name="link"), page.title)
    return rx.el.li(
        rx.el.div(title, rx.cond(page.since, rx.el.p(page.since, class_name="small muted"))),
        pill(page.status, page.tone),
        key=page.href,
    )
