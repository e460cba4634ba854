"""One policy: its text, to be changed in place, and the texts before."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.policies.views import PolicyTextView, SavedView
from checkout_app.merchant.shop.pages.frame import said_field, shop_page
from checkout_app.merchant.shop.views import POLICIES
from checkout_app.seller.policies.models import LONGEST_POLICY
from checkout_app.shopfront.policies.views import BlockView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, form_notice, notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import back, office_page, part

VIEW: Final[Any] = page_data.view(PolicyTextView)


@office_page(f"{POLICIES}/[kind]")
def policy() -> rx.Component:
    """Build the page of one policy."""
    return shop_page(
        POLICIES,
        VIEW.desk,
        back("Policies", POLICIES),
        rx.cond(
            VIEW.saved, notice(rx.Var.create("Saved. The page says so from now on."), "success", "check", "status")
        ),
        rx.el.div(
            rx.el.h2(VIEW.title),
            rx.el.p(
                pill(VIEW.status, VIEW.tone),
                NativeLink.create("See it as buyers do", href=VIEW.path, class_name="link"),
                class_name="office-pills",
            ),
            class_name="stack",
        ),
        rx.el.div(
            rx.el.div(
                rx.cond(VIEW.newest & VIEW.changes, _change(), _read()),
                class_name="office-column",
            ),
            rx.el.div(
                rx.cond(VIEW.anew & VIEW.changes, _anew()),
                part("Versions", rx.el.ul(rx.foreach(VIEW.versions, _version), class_name="office-lines")),
                class_name="office-column",
            ),
            class_name="office-two",
        ),
    )


def _change() -> rx.Component:
    return part(
        "Its text",
        ApiForm.create(
            said_field(
                "text",
                "A line is a paragraph; one that begins with ## is a heading",
                VIEW.text,
                rows=24,
                max_length=LONGEST_POLICY,
                required=True,
            ),
            form_notice("text-", {}),
            button("Save", type="submit"),
            label="Its text",
            action=VIEW.action,
            method="PUT",
            next=VIEW.after,
        ),
    )


def _read() -> rx.Component:
    return part("Its text", rx.foreach(VIEW.blocks, _block))


def _block(block: rx.Var[BlockView], place: rx.Var[int]) -> rx.Component:
    return rx.cond(block.heading, rx.el.h3(block.words, key=place), rx.el.p(block.words, key=place))


def _anew() -> rx.Component:
    return part(
        "From your answers",
        rx.el.p("What you answered and say of the shop makes another text than this, which stays among the versions."),
        ApiForm.create(
            form_notice("anew-", {}),
            button("Write it anew from my answers", type="submit", quiet=True),
            label="From your answers",
            action=VIEW.action,
            method="PUT",
            next=VIEW.after,
        ),
    )


def _version(saved: rx.Var[SavedView]) -> rx.Component:
    return rx.el.li(
        NativeLink.create(
            saved.words, href=saved.href, class_name="link", aria_current=rx.cond(saved.current, "page", "false")
        ),
        key=saved.href,
    )
