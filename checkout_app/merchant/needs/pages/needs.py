"""What waits for a person: a card each, with the money between gateway and books and what can be done."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.needs.pages.doing import way
from checkout_app.merchant.needs.views import NEEDS, CardView, NeedsView
from checkout_app.ui import page_data
from checkout_app.ui.kit import message, notice
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import office, office_page, sheet

VIEW: Final[Any] = page_data.view(NeedsView)


@office_page(NEEDS)
def needs() -> rx.Component:
    """Build the page of what waits for a person."""
    return office(
        NEEDS,
        VIEW.desk,
        sheet("office-needs"),
        rx.cond(
            VIEW.none,
            message("circle-check", VIEW.none, VIEW.looked),
            rx.el.div(rx.el.h1("Needs you"), rx.el.p(VIEW.looked, class_name="small muted"), class_name="stack"),
        ),
        rx.el.div(
            rx.foreach(VIEW.wrong, lambda words: notice(words, "danger", "circle-alert", "status")),
            rx.foreach(VIEW.cards, _card),
            class_name="needs-cards",
        ),
        rx.el.div(
            rx.cond(VIEW.all, NativeLink.create("All that waits", href=VIEW.all, class_name="link")),
            NativeLink.create("What Razorpay told", href=f"{NEEDS}/webhooks", class_name="link"),
            rx.cond(VIEW.older, NativeLink.create("What came later", href=VIEW.older, class_name="link")),
            class_name="office-steps",
        ),
    )


def _card(card: rx.Var[CardView]) -> rx.Component:
    return rx.el.article(
        rx.el.h2(card.what, id=card.id + "-what"),
        rx.el.p(
            rx.cond(
                card.order,
                rx.fragment(
                    NativeLink.create(card.order, href=card.href, class_name="link"), " of ", rx.el.bdi(card.buyer)
                ),
                card.about,
            ),
            ", since ",
            card.since,
            class_name="small muted",
        ),
        rx.cond(
            card.deadline,
            rx.el.div(
                rx.icon("calendar-clock", size=18),
                rx.el.div(rx.el.p(card.deadline, class_name="needs-deadline"), rx.el.p(card.wanted)),
                class_name=rx.cond(card.presses, "notice tone-danger", "notice tone-info"),
            ),
        ),
        rx.cond(card.money.said, _money(card)),
        rx.cond(
            card.ways.length() > 0,
            rx.el.div(rx.foreach(card.ways, lambda each: way(each, card)), class_name="needs-ways"),
            rx.el.p("An owner of the shop decides about it.", class_name="small muted"),
        ),
        id=card.id,
        aria_labelledby=card.id + "-what",
        class_name="card needs-card",
        key=card.id,
    )


def _money(card: rx.Var[CardView]) -> rx.Component:
    """Draw the money as a line between what the gateway holds and what the books keep."""
    money: Any = card.money
    return rx.el.div(
        rx.el.p(money.said, class_name="visually-hidden"),
        rx.el.div(
            _end(money.held, "Razorpay holds"),
            rx.el.div(
                rx.el.span(money.apart, class_name="amount"),
                rx.el.span(class_name="needs-line"),
                rx.el.span("apart", class_name="small"),
                class_name="needs-gap",
            ),
            _end(money.kept, money.of_books),
            aria_hidden="true",
            class_name=rx.cond(money.is_apart, "needs-money needs-money-apart", "needs-money"),
        ),
    )


def _end(amount: rx.Var[str], words: rx.Var[str] | str) -> rx.Component:
    return rx.el.div(rx.el.span(amount, class_name="amount"), rx.el.span(words, class_name="small muted"))
