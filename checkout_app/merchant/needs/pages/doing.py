"""What can be done about something that waits: each way says what comes of it; the API decides."""

from typing import Any

import reflex as rx

from checkout_app.merchant.needs.bodies import LONGEST_NOTE
from checkout_app.merchant.needs.views import CardView, WayView
from checkout_app.merchant.needs.ways import Way
from checkout_app.merchant.orders.views import ORDERS
from checkout_app.orders.timeline import OTHER_WAYS
from checkout_app.payments.outside import LONGEST_REFERENCE
from checkout_app.ui.kit import button, form_notice
from checkout_app.ui.native import ApiForm, NativeLink

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
    field_id = card.id + "-" + each.way
    return ApiForm.create(
        rx.el.div(
            rx.el.label(label, html_for=field_id, class_name="field-label"),
            rx.el.textarea(
                id=field_id, name="note", rows="3", max_length=LONGEST_NOTE, required=True, class_name="field-input"
            ),
            class_name="field",
        ),
        form_notice("note-", {}),
        button(each.label, type="submit", wide=True),
        label=each.label + ": " + card.what,
        action=each.path,
    )


def _refund(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    field_id = card.id + "-" + each.way
    payment: Any = each.payment
    return ApiForm.create(
        rx.el.input(type="hidden", name="amount", value=each.minor, read_only=True, custom_attrs={"data-minor": ""}),
        rx.el.div(
            rx.el.label("Why, in words the buyer will read", html_for=field_id, class_name="field-label"),
            rx.el.input(
                id=field_id,
                name="reason",
                default_value=each.reason,
                max_length=LONGEST_REASON,
                auto_complete="off",
                required=True,
                class_name="field-input",
            ),
            class_name="field",
        ),
        form_notice("refund-", {}),
        button(each.label, type="submit", wide=True),
        _sure(each, card),
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
        rx.el.div(
            rx.el.label("How", html_for=card.id + "-how", class_name="field-label"),
            rx.el.select(
                *(rx.el.option(words[:1].upper() + words[1:], value=way.value) for way, words in OTHER_WAYS.items()),
                id=card.id + "-how",
                name="way",
                class_name="field-input",
            ),
            class_name="field",
        ),
        rx.el.div(
            rx.el.label(
                "Reference the buyer finds it by, if there is one",
                html_for=card.id + "-reference",
                class_name="field-label",
            ),
            rx.el.input(
                id=card.id + "-reference",
                name="reference",
                max_length=LONGEST_REFERENCE,
                auto_complete="off",
                class_name="field-input",
            ),
            class_name="field",
        ),
        form_notice("outside-", {}),
        button(each.label, type="submit", wide=True),
        label=each.label + ": " + card.what,
        action=each.path,
    )


def _sure(each: rx.Var[WayView], card: rx.Var[CardView]) -> rx.Component:
    """Say what is about to happen before it does."""
    return rx.el.dialog(
        rx.el.h3("Give ", each.amount, " back?"),
        rx.el.p("It goes to ", rx.el.bdi(card.buyer), " the way it came, and can't be called off."),
        rx.el.div(
            button(each.label, type="submit"),
            button("Not yet", quiet=True, custom_attrs={"data-close": ""}),
            class_name="row",
        ),
        aria_label="Confirm the refund",
        class_name="office-sure",
    )
