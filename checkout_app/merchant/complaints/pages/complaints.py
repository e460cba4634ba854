"""The list of complaints: what each says, what is due when, and the answer."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.complaints.views import ComplaintsView, ComplaintView
from checkout_app.merchant.needs.bodies import LONGEST_NOTE
from checkout_app.merchant.shop.pages.frame import shop_page
from checkout_app.merchant.shop.views import COMPLAINTS
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import office_page, steps

VIEW: Final[Any] = page_data.view(ComplaintsView)


@office_page(COMPLAINTS)
def complaints() -> rx.Component:
    """Build the list of complaints."""
    return shop_page(
        COMPLAINTS,
        VIEW.desk,
        rx.cond(
            VIEW.none,
            rx.el.p("Nobody has complained. The form for it is on the page Grievance.", class_name="office-none"),
            rx.el.div(rx.foreach(VIEW.complaints, _complaint), class_name="office-column office-narrow"),
        ),
        steps(VIEW, "Older complaints"),
    )


def _complaint(complaint: rx.Var[ComplaintView]) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.h2(complaint.number, id=complaint.id + "-number"),
            pill(complaint.status, complaint.tone),
            class_name="office-head",
        ),
        rx.el.p(complaint.due, ".", class_name="small"),
        rx.el.blockquote(
            rx.foreach(complaint.words, lambda line, place: rx.el.p(line, key=place)), class_name="office-said"
        ),
        rx.el.p(
            rx.el.bdi(complaint.who),
            rx.cond(
                complaint.email,
                rx.fragment(
                    ", ", NativeLink.create(complaint.email, href="mailto:" + complaint.email, class_name="link")
                ),
            ),
            rx.cond(
                complaint.order,
                rx.fragment(
                    ", about ", NativeLink.create(complaint.order, href=complaint.order_href, class_name="link")
                ),
            ),
            ", ",
            complaint.made,
            class_name="small muted",
        ),
        rx.cond(complaint.answer, rx.el.p("Your answer: ", complaint.answer)),
        rx.cond(complaint.action & VIEW.changes, _answer(complaint)),
        id=complaint.id,
        aria_labelledby=complaint.id + "-number",
        class_name="card office-part",
        key=complaint.id,
    )


def _answer(complaint: rx.Var[ComplaintView]) -> rx.Component:
    return ApiForm.create(
        field(
            "note",
            "Your answer",
            wrong="",
            prefix=f"{complaint.id}-",
            rows="3",
            max_length=LONGEST_NOTE,
            required=True,
        ),
        rx.el.p(VIEW.sent, class_name="field-hint"),
        form_notice("answer-", {}),
        button("Answer", type="submit"),
        label="Answer " + complaint.number,
        action=complaint.action,
    )
