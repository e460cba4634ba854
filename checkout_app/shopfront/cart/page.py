"""The cart's page: what somebody wants, what has changed about it, and the way to the checkout.

Its forms are the browser's own, and it is asked for as a document, so it works without scripts and without a websocket,
and shows what is true.
"""

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from checkout_app.auth.errors import InvalidToken
from checkout_app.cart.errors import CartChanged, LineNotFound
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.core.errors import InternalError, InvalidInput, RateLimited, ShopError, Unavailable
from checkout_app.delivery.address import NO_SUCH_PIN, PIN_COOKIE
from checkout_app.orders.errors import OrderNotFound
from checkout_app.shopfront.cart.api import FORM
from checkout_app.shopfront.cart.views import CartView, LineView
from checkout_app.ui import page_data
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import (
    button,
    button_link,
    form_notice,
    link,
    message,
    notice,
    picture,
    skeleton,
    skeleton_text,
)
from checkout_app.ui.native import NativeForm
from checkout_app.ui.page_data import public_page
from checkout_app.ui.unreached import unreached

VIEW: Final[Any] = page_data.view(CartView)
_WAY: Final[Any] = VIEW.way
_AGAIN: Final[Any] = VIEW.again
_REFUSALS: Final[tuple[type[ShopError], ...]] = (
    *(CartChanged, LineNotFound, ProductNotFound, OutOfStock, OrderNotFound),
    *(InvalidToken, RateLimited, Unavailable, InternalError),
)
_WRONG: Final[Mapping[str, str]] = {
    **{refusal.code: refusal.sentence for refusal in _REFUSALS},
    InvalidInput.code: f"A cart takes up to {MAX_QUANTITY} of one thing, and {MAX_LINES} different things.",
    PIN_COOKIE: NO_SUCH_PIN,
    InvalidToken.code: "This came from another page than ours, so nothing was changed.",
}


@public_page("/cart", forms=FORM)
def cart() -> rx.Component:
    """Build the page of the cart."""
    return frame(
        rx.match(
            page_data.STATUS,
            (200, rx.cond(VIEW.lines.length() > 0, _cart(), _empty())),
            (page_data.UNREACHED, unreached()),
            _skeleton(),
        )
    )


def _cart() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Your cart", class_name="checkout-title"),
            form_notice("cart-", _WRONG),
            _again(),
            class_name="stack",
        ),
        rx.el.div(
            rx.el.ul(rx.foreach(VIEW.lines, _line), class_name="cart-lines"),
            rx.el.aside(rx.el.div(_summary(), class_name="card cart-summary"), aria_label="Summary"),
            class_name="checkout",
        ),
    )


def _again() -> rx.Component:
    """Say what became of an order that was wanted again."""
    told = rx.el.div(
        rx.el.p(_AGAIN.said),
        rx.cond(_AGAIN.but.length() > 0, rx.el.ul(rx.foreach(_AGAIN.but, rx.el.li))),
        class_name="notice-text",
    )
    return rx.cond(
        _AGAIN.said,
        rx.el.div(rx.icon("rotate-ccw", size=18), told, class_name="notice tone-info cart-again", role="status"),
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    return rx.el.li(
        picture(line.image, "", 72, 90, class_name="line-picture"),
        rx.el.div(
            rx.cond(line.href, link(line.name, line.href), rx.el.span(line.name)),
            rx.el.p(line.unit, " each", class_name="small muted amount"),
            rx.el.div(
                _change(line, line.fewer, "minus", "One less of "),
                rx.el.span(line.quantity, class_name="amount"),
                _change(line, line.more, "plus", "One more of "),
                _form(line, "0", rx.el.span("Remove"), label="Remove ", class_name="link"),
                class_name="cart-change",
            ),
            rx.cond(line.lacking, notice(line.lacking, "warning", "circle-alert", "status")),
            rx.cond(line.take, _form(line, line.take, rx.el.span("Take ", line.take), label="Take what is left of ")),
            rx.cond(line.price_changed, notice(line.price_changed, "info", role="status")),
            rx.cond(line.came, rx.el.p(line.came, class_name="small muted")),
            class_name="cart-about",
        ),
        rx.el.p(line.amount, class_name="amount"),
        class_name="line cart-line",
        key=line.id,
    )


def _change(line: rx.Var[LineView], to: rx.Var[str], icon: str, label: str) -> rx.Component:
    shown = rx.icon(icon, size=18)
    off = rx.el.button(shown, type="button", disabled=True, class_name="cart-step", aria_label=label + line.name)
    return rx.cond(to, _form(line, to, shown, label=label, class_name="cart-step"), off)


def _form(
    line: rx.Var[LineView], quantity: str | rx.Var[str], shown: rx.Component, *, label: str, class_name: str = "link"
) -> rx.Component:
    """Make a form of one button, which lets so many units be in the line."""
    return NativeForm.create(
        rx.el.input(type="hidden", name="line", value=line.id),
        rx.el.input(type="hidden", name="version", value=VIEW.version),
        rx.el.button(
            shown,
            type="submit",
            name="quantity",
            value=quantity,
            class_name=class_name,
            aria_label=label + line.name,
        ),
        method="post",
        action="/cart",
    )


def _summary() -> rx.Component:
    return rx.el.div(
        rx.el.dl(
            _row(rx.fragment("Subtotal, ", VIEW.units), VIEW.subtotal, is_total=~_WAY.total.bool()),
            rx.cond(_WAY.delivery, _row("Delivery", _WAY.delivery)),
            rx.cond(_WAY.total, _row("Total", _WAY.total, is_total=True)),
            class_name="summary-rows",
        ),
        rx.cond(_WAY.asks, _way()),
        rx.cond(
            VIEW.ready,
            button_link("Checkout", href="/checkout", wide=True),
            rx.el.p("Change what can't be had like that, or remove it; then it can be ordered.", role="status"),
        ),
        class_name="stack",
    )


def _row(term: str | rx.Component, amount: rx.Var[str], *, is_total: bool | rx.Var[bool] = False) -> rx.Component:
    classes = rx.cond(is_total, "summary-row summary-total", "summary-row")
    return rx.el.div(rx.el.dt(term), rx.el.dd(amount, class_name="amount"), class_name=classes)


def _way() -> rx.Component:
    """Build the form that asks for the PIN, which is all that delivery depends on."""
    return NativeForm.create(
        rx.el.label("PIN code", html_for="pin", class_name="field-label"),
        rx.el.div(
            rx.el.input(
                id="pin",
                name="pin",
                required=True,
                input_mode="numeric",
                autocomplete="postal-code",
                max_length=9,
                default_value=_WAY.pin,
                class_name="field-input",
            ),
            button("Show delivery", quiet=True, type="submit"),
            class_name="field-row",
        ),
        rx.cond(_WAY.takes, rx.el.p(_WAY.takes, class_name="small muted")),
        rx.cond(_WAY.hint, rx.el.p(_WAY.hint, class_name="small", role="status")),
        method="post",
        action="/cart",
        class_name="field",
    )


def _empty() -> rx.Component:
    return rx.fragment(
        form_notice("cart-", _WRONG),
        _again(),
        message(
            "shopping-bag",
            "Your cart is empty",
            "What you add to it waits here, for 30 days or for as long as you have an account.",
            button_link("See what there is", href="/"),
        ),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(skeleton("40%", "2.4rem"), skeleton_text("70%"), skeleton("100%", "8rem"), aria_busy="true")
