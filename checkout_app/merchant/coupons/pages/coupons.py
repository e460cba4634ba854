"""The shop's coupons: those there are, and a form to make one."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.coupons.views import COUPONS, CouponsView, CouponView
from checkout_app.pricing.models import LONGEST_CODE, CouponKind
from checkout_app.pricing.service import MOST_USES
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import RUPEES, office, office_page, part, sure, tick

VIEW: Final[Any] = page_data.view(CouponsView)
_KINDS: Final = {
    CouponKind.PERCENT: "Percent of the goods",
    CouponKind.AMOUNT: "Rupees off the goods",
    CouponKind.FREE_DELIVERY: "Free delivery",
}


@office_page(COUPONS)
def coupons() -> rx.Component:
    """Build the page of the shop's coupons."""
    return office(
        COUPONS,
        VIEW.desk,
        rx.el.h1("Coupons"),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    VIEW.rows.length() > 0,
                    rx.el.ul(rx.foreach(VIEW.rows, _coupon), class_name="office-lines card office-part"),
                    rx.el.p("There are no coupons. Nobody misses what nobody was promised.", class_name="office-none"),
                ),
                rx.cond(VIEW.more, NativeLink.create("More coupons", href=VIEW.more, class_name="link")),
                class_name="office-column",
            ),
            rx.cond(VIEW.may, _new()),
            class_name="office-two",
        ),
    )


def _coupon(coupon: rx.Var[CouponView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.strong(coupon.code),
                pill(coupon.status, coupon.tone),
                class_name="office-pills",
            ),
            rx.el.p(coupon.what),
            rx.el.p(coupon.when, class_name="small muted"),
        ),
        rx.cond(coupon.end, _end(coupon)),
        key=coupon.code,
    )


def _end(coupon: rx.Var[CouponView]) -> rx.Component:
    """Let a coupon be ended, once somebody has read what that means."""
    return ApiForm.create(
        form_notice("end-", {}),
        button("End it", type="submit", quiet=True),
        sure(
            "Confirm that the coupon ends",
            "End " + coupon.code + "?",
            rx.el.p("Nobody begins an order with it from now on. Orders that have it keep it."),
            does="End it",
        ),
        label="End " + coupon.code,
        action=coupon.end,
    )


def _new() -> rx.Component:
    return part(
        "Make one",
        ApiForm.create(
            field("code", "Its code", wrong="", max_length=LONGEST_CODE, required=True, auto_complete="off"),
            field(
                "kind",
                "What it takes off",
                *(rx.el.option(words, value=kind.value) for kind, words in _KINDS.items()),
                wrong="",
            ),
            field("value", "How much", wrong="", hint="10 for 10 %, or for ₹10. Nothing for free delivery.", **RUPEES),
            field("minimum", "Goods for at least, in rupees", wrong="", **RUPEES),
            field(
                "ends_at",
                "Its last day",
                wrong="",
                type="date",
                hint="Good from now on, and until somebody ends it when no day is said.",
                custom_attrs={"data-suffix": "T23:59:59+05:30"},
            ),
            field("limit", "For so many orders at most", wrong="", type="number", min="1", max=str(MOST_USES)),
            tick("once", "Each person has it once"),
            form_notice("coupon-", {}),
            button("Make the coupon", type="submit", wide=True),
            label="Make a coupon",
            action="/api/merchant/coupons",
        ),
    )
