"""What can be done about something that waits: each way says what comes of it; the API decides."""

from typing import Any

import reflex as rx

from checkout_app.merchant.needs.bodies import LONGEST_NOTE
from checkout_app.merchant.needs.views import CardView, WayView
from checkout_app.merchant.needs.ways import Way
from checkout_app.merchant.orders.views import ORDERS
from checkout_app.orders.timeline import OTHER_WAYS
from checkout_app.payments.outside import LONGEST_REFERENCE
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import sure

LONGEST_REASON = 200


def way(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    """Offer one way."""
    return rx.match(
        each.way,
        (Way.REFUND, _folded(each, _refund(each, card))),
        (Way.OUTSIDE, _folded(each, _outside(each, card))),
        (Way.RECOVER, _folded(each, _recover(each, card))),
        (Way.NOTE, _folded(each, _note(each, card, "What you did"))),
        (Way.DECLINE, _folded(each, _note(each, card, "Why, in words the buyer will read"))),
        _leads(each),
    )


def _folded(each: rx.Var[WayView], form: rx.Component) -> rx.Component:
    return rx.el.details(rx.el.summary(_said(each), rx.icon("chevron-down", size=18)), form, class_name="needs-way")


def _leads(each: rx.Var[WayView]) -> rx.Component:
    return NativeLink.create(_said(each), rx.icon("arrow-right", size=18), href=each.path, class_name="needs-way")


def _said(each: rx.Var[WayView]) -> rx.Component:
    return rx.el.span(rx.el.span(each.label, class_name="needs-do"), rx.el.span(each.comes, class_name="small muted"))


def _note(each: rx.Var[WayView], card: rx.Var[CardView], label: str) -> rx.Component:
    return ApiForm.create(
        _typed("note", label, each, card, rows="3", max_length=LONGEST_NOTE, required=True),
        form_notice("note-", {}),
        button(each.label, type="submit", wide=True),
        label=each.label + ": " + card.what,
        action=each.path,
    )


def _refund(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    payment: Any = each.payment
    return ApiForm.create(
        rx.el.input(type="hidden", name="amount", value=each.minor, read_only=True, custom_attrs={"data-minor": ""}),
        _typed(
            "reason",
            "Why, in words the buyer will read",
            each,
            card,
            default_value=each.reason,
            max_length=LONGEST_REASON,
            required=True,
        ),
        form_notice("refund-", {}),
        button(each.label, type="submit", wide=True),
        sure(
            "Confirm the refund",
            "Give " + each.amount + " back?",
            rx.el.p("It goes to ", rx.el.bdi(card.buyer), " the way it came, and can't be called off."),
            does=each.label,
        ),
        label=each.label + ": " + card.what,
        action=each.path,
        fixed={"payment_id": payment},
    )


def _recover(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    return ApiForm.create(
        form_notice("recover-", {}),
        button(each.label, type="submit", wide=True),
        label=each.label + ": " + card.what,
        action=each.path,
        next=f"{ORDERS}/{{id}}",
    )


def _outside(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    return ApiForm.create(
        field(
            "way",
            "How",
            *(rx.el.option(words[:1].upper() + words[1:], value=way.value) for way, words in OTHER_WAYS.items()),
            wrong="",
            prefix=f"{card.id}-{each.way}-",
        ),
        _typed(
            "reference", "Reference the buyer finds it by, if there is one", each, card, max_length=LONGEST_REFERENCE
        ),
        form_notice("outside-", {}),
        button(each.label, type="submit", wide=True),
        label=each.label + ": " + card.what,
        action=each.path,
    )


def _typed(name: str, label: str, each: rx.Var[WayView], card: rx.Var[CardView], **props: Any) -> rx.Component:
    return field(name, label, wrong="", prefix=f"{card.id}-{each.way}-", auto_complete="off", **props)
