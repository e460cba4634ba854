"""The pages of the shop's policies: a text in paragraphs, and who sells."""

from typing import Any, Final

import reflex as rx

from checkout_app.auth.errors import InvalidToken
from checkout_app.core.errors import InternalError, RateLimited, Unavailable
from checkout_app.seller.complaints.models import LONGEST_EMAIL, LONGEST_NAME, LONGEST_ORDER, LONGEST_WORDS
from checkout_app.seller.complaints.service import WRONG
from checkout_app.seller.policies.models import PolicyKind
from checkout_app.shopfront.complaints.api import FORM
from checkout_app.shopfront.policies.views import BlockView, FactView, PolicyView
from checkout_app.ui import page_data
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, field, form_notice, message, skeleton, skeleton_text
from checkout_app.ui.native import NativeLink, PostForm
from checkout_app.ui.page_data import public_page
from checkout_app.ui.unreached import unreached

VIEW: Final[Any] = page_data.view(PolicyView)
_REFUSED: Final = {error.code: error.sentence for error in (InternalError, InvalidToken, RateLimited, Unavailable)}
"""What is said where no script runs of a complaint that was refused for no field of it."""


def policy() -> rx.Component:
    """Build the page of whichever policy the address names."""
    return frame(
        rx.match(
            page_data.STATUS,
            (200, _policy()),
            (404, _none()),
            (page_data.UNREACHED, unreached()),
            rx.el.div(skeleton("60%", "2.4rem"), skeleton_text("90%"), skeleton_text("70%"), class_name="policy"),
        )
    )


for kind in PolicyKind:
    public_page(f"/{kind}")(policy)


def _policy() -> rx.Component:
    return rx.el.article(
        rx.el.h1(VIEW.title),
        rx.cond(VIEW.complaint, _heard()),
        rx.el.p("Since ", VIEW.since, class_name="small muted"),
        rx.foreach(VIEW.blocks, _block),
        rx.cond(VIEW.complains, _complain()),
        rx.cond(
            VIEW.facts.length() > 0,
            rx.el.section(
                rx.el.h2("Who sells"),
                rx.el.dl(rx.foreach(VIEW.facts, _fact), class_name="policy-facts"),
            ),
        ),
        class_name="policy",
    )


def _block(block: rx.Var[BlockView], place: rx.Var[int]) -> rx.Component:
    return rx.cond(block.heading, rx.el.h2(block.words, key=place), rx.el.p(block.words, key=place))


def _fact(fact: rx.Var[FactView]) -> rx.Component:
    said = rx.cond(fact.href, NativeLink.create(fact.text, href=fact.href, class_name="link"), fact.text)
    return rx.el.div(rx.el.dt(fact.term), rx.el.dd(said), key=fact.term)


def _heard() -> rx.Component:
    return rx.el.div(
        rx.icon("check", size=18),
        rx.el.div(
            rx.el.p("Your complaint has reached us. Its number is ", rx.el.strong(VIEW.complaint), "."),
            rx.el.p(VIEW.due),
            class_name="notice-text",
        ),
        class_name="notice tone-success",
        role="status",
    )


def _complain() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Complain"),
        PostForm.create(
            _field("name", "Your name", max_length=LONGEST_NAME, auto_complete="name", required=True),
            _field("email", "E-mail", type="email", max_length=LONGEST_EMAIL, auto_complete="email", required=True),
            _field("order_number", "Order number, if it is about one", max_length=LONGEST_ORDER, auto_complete="off"),
            _field("words", "What is wrong", rows=6, max_length=LONGEST_WORDS, required=True),
            form_notice("complaint-", _REFUSED),
            button("Send the complaint", type="submit"),
            label="Complain",
            action=FORM,
        ),
        class_name="policy-form",
    )


def _field(name: str, label: str, **props: Any) -> rx.Component:
    return field(name, label, wrong=WRONG[name], prefix="complaint-", **props)


def _none() -> rx.Component:
    return message(
        "file-x",
        "This page is not written yet",
        "The shop has not said anything about it so far.",
        button_link("Go to the shop", href="/"),
    )
