"""The frame around every page: skip link, header, the page itself, footer."""

import reflex as rx

from checkout_app.core.settings import settings
from checkout_app.seller.presentation import FooterLink
from checkout_app.ui import address
from checkout_app.ui.kit import link
from checkout_app.ui.native import NativeForm, NativeLink
from checkout_app.ui.shop import LINKS, Brand
from checkout_app.ui.visitor import Visitor


def frame(*content: rx.Component) -> rx.Component:
    """Put a page into its frame."""
    return rx.el.div(
        NativeLink.create("Skip to content", href="#content", class_name="skip"),
        rx.el.header(rx.el.div(Brand.create(), _navigation(), class_name="wrap header")),
        rx.el.main(*content, id="content", tab_index=-1, class_name="wrap main"),
        _footer(),
        class_name="frame",
    )


def _navigation() -> rx.Component:
    return rx.el.nav(
        rx.el.a("My orders", href="/orders", class_name="nav-item nav-orders"),
        # A document of its own: it then shows what is true, and the browser's connection knows of its cart.
        rx.el.a("Cart", rx.el.span(class_name="cart-count"), href="/cart", class_name="nav-item", reload_document=True),
        _theme_toggle(),
        rx.el.div(
            # Until the state answers there is neither a name nor "Sign in": one of the two would be wrong. Where it
            # does not answer, as without scripts, the way to sign in appears after a moment.
            rx.cond(
                Visitor.is_hydrated,
                rx.cond(Visitor.signed_in, _account_menu(), _sign_in("nav-item")),
                _sign_in("nav-item late"),
            ),
            class_name="account",
        ),
        class_name="nav",
        aria_label="Main",
    )


def _sign_in(class_name: str) -> rx.Component:
    return rx.el.a("Sign in", href=address.SIGN_IN, class_name=class_name)


def _account_menu() -> rx.Component:
    who = rx.cond(Visitor.guest, "Buying as a guest", rx.el.bdi(Visitor.name))
    # A popover closes by itself on Escape and on a click elsewhere, without a script.
    return rx.fragment(
        rx.el.button(
            rx.icon("user", size=20),
            rx.el.bdi(Visitor.display_name, class_name="account-name"),
            type="button",
            class_name="nav-item",
            aria_label=f"{Visitor.display_name}, your account",
            custom_attrs={"popoverTarget": "account"},
        ),
        rx.el.div(
            rx.el.div(rx.el.p(who), rx.el.p(Visitor.email, class_name="small muted"), class_name="account-who"),
            rx.el.a(rx.icon("receipt-indian-rupee", size=18), "My orders", href="/orders", class_name="nav-item"),
            rx.cond(
                Visitor.guest,
                rx.el.a(rx.icon("log-in", size=18), "Sign in", href=address.SIGN_IN, class_name="nav-item"),
                rx.el.a(rx.icon("settings", size=18), "Your account", href="/account", class_name="nav-item"),
            ),
            NativeForm.create(
                rx.el.button(rx.icon("log-out", size=18), "Sign out", type="submit", class_name="nav-item"),
                method="post",
                action="/api/auth/logout",
            ),
            id="account",
            class_name="account-panel",
            custom_attrs={"popover": "auto"},
        ),
    )


def _theme_toggle() -> rx.Component:
    return rx.el.button(
        rx.icon("moon", size=20, class_name="when-light"),
        rx.icon("sun", size=20, class_name="when-dark"),
        type="button",
        on_click=rx.toggle_color_mode,
        class_name="nav-item nav-icon",
        aria_label="Dark colours",
        aria_pressed=rx.color_mode_cond("false", "true"),
    )


def _footer() -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.p("Payments by Razorpay."),
            rx.el.div(rx.foreach(LINKS, _footer_link), class_name="footer-links"),
            rx.cond(
                settings().sandboxed,
                rx.el.p("A test shop: no real money moves. ", link("Sandbox", "/sandbox/", reload_document=True)),
            ),
            class_name="wrap footer-row",
        ),
        class_name="footer",
    )


def _footer_link(to: rx.Var[FooterLink]) -> rx.Component:
    return link(to.words, to.href, key=to.href)
