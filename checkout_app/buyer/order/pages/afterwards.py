"""What there is for a buyer on an order's page once it is at an end."""

import reflex as rx

from checkout_app.buyer.login.pages.parts import submit
from checkout_app.buyer.order.pages.receipt import ORDER
from checkout_app.buyer.order.views import FileView
from checkout_app.orders.errors import OrderNotFound, RequestUnfit
from checkout_app.orders.requests import LONGEST_NOTE, Request
from checkout_app.shopfront.cart.service import PATH as CART
from checkout_app.ui.kit import button, field
from checkout_app.ui.native import NativeForm, NativeLink, PostForm


def bought_files() -> rx.Component:
    """Lead to the files that were bought."""
    return rx.el.section(
        rx.el.h2("Yours to download"),
        rx.el.ul(rx.foreach(ORDER.files, _file), class_name="files"),
        class_name="part",
    )


def _file(file: rx.Var[FileView]) -> rx.Component:
    # It comes as an attachment: the browser keeps it, and stays on this page.
    download = NativeLink.create(
        rx.icon("download", size=18),
        "Download",
        href=file.href,
        class_name="button button-primary",
        custom_attrs={"aria-label": f"Download {file.name}"},
    )
    return rx.el.li(
        rx.el.div(rx.el.p(rx.el.bdi(file.name)), rx.el.p(file.about, class_name="small muted")),
        rx.cond(file.href, download),
    )


def order_again(*, quiet: bool = False, wide: bool = False) -> rx.Component:
    """Put what was ordered into the cart once more; the cart's page says what can't be had as it was."""
    return NativeForm.create(
        rx.el.input(type="hidden", name="order", value=ORDER.id, read_only=True),
        button("Order it again", type="submit", quiet=quiet, wide=wide),
        method="post",
        action=CART,
        class_name="order-actions",
    )


def asking() -> rx.Component:
    """Let the buyer ask to cancel the order, or to return an item once something was shipped."""
    what = rx.cond(ORDER.may_ask == Request.CANCEL, "Ask to cancel", "Ask to return an item").to(str)
    return rx.el.details(
        rx.el.summary(what, class_name="link link-button"),
        rx.el.div(
            rx.el.p("A person of the shop reads this and answers by e-mail."),
            PostForm.create(
                rx.el.input(type="hidden", name="order", value=ORDER.id, read_only=True),
                rx.el.input(type="hidden", name="request", value=ORDER.may_ask, read_only=True),
                field(
                    "note",
                    "Why, if you like to say",
                    prefix="ask-",
                    wrong=f"Say it in at most {LONGEST_NOTE} ordinary characters.",
                    type="text",
                    max_length=LONGEST_NOTE,
                ),
                submit("ask", "Ask the shop", OrderNotFound, RequestUnfit),
                label=what,
                action="/orders",
            ),
            class_name="asks-question",
        ),
        class_name="asks",
    )
