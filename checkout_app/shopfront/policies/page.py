"""The pages of the shop's policies: a text in paragraphs, and who sells."""

from typing import Any, Final

import reflex as rx

from checkout_app.seller.policies.models import PolicyKind
from checkout_app.shopfront.policies.views import BlockView, FactView, PolicyView
from checkout_app.ui import page_data
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button_link, message, skeleton, skeleton_text
from checkout_app.ui.native import NativeLink
from checkout_app.ui.page_data import public_page
from checkout_app.ui.unreached import unreached

VIEW: Final[Any] = page_data.view(PolicyView)


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
        rx.el.p("Since ", VIEW.since, class_name="small muted"),
        rx.foreach(VIEW.blocks, _block),
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


def _none() -> rx.Component:
    return message(
        "file-x",
        "This page is not written yet",
        "The shop has not said anything about it so far.",
        button_link("Go to the shop", href="/"),
    )
