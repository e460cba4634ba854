"""The page on which the people of the shop set their second factor up, and show it."""

import reflex as rx

from checkout_app.accounts.errors import FactorRefused
from checkout_app.buyer.account.api import OWN
from checkout_app.buyer.account.state import FactorState
from checkout_app.buyer.login.pages.parts import code_field, submit
from checkout_app.ui.attention import ASKS
from checkout_app.ui.copy_text import CopyText
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, skeleton
from checkout_app.ui.native import PostForm
from checkout_app.ui.page import page
from checkout_app.ui.taking_long import taking_long

_WRONG = "Type the six digits that your app shows."


@page("/second-factor", title="Second factor", description="Show that it is you.", load=FactorState.load, forms=OWN)
def second_factor() -> rx.Component:
    """Build the page."""
    return frame(
        rx.el.section(
            rx.match(
                FactorState.step,
                ("set_up", _set_up()),
                ("show", _show()),
                ("keep", _keep()),
                _skeleton(),
            ),
            class_name="login",
        )
    )


def _head(title: str, text: str) -> rx.Component:
    return rx.el.div(rx.el.h1(title), rx.el.p(text, class_name="muted"), class_name="login-head")


def _set_up() -> rx.Component:
    return rx.fragment(
        _head(
            "Set up your second factor",
            "With a password alone nobody runs this shop. Scan this with an authenticator app, such as the one that "
            "keeps your passwords.",
        ),
        rx.el.img(src=FactorState.qr, alt="QR code for your app", class_name="qr", width="216", height="216"),
        rx.el.p(
            "Or type this key into the app: ",
            CopyText.create(text=FactorState.secret, label="Key", shown=FactorState.secret),
            class_name="small",
        ),
        PostForm.create(
            code_field("set-up", "The six digits that it shows", _WRONG),
            submit("set-up", "Set it up", FactorRefused),
            label="Set up your second factor",
        ),
    )


def _show() -> rx.Component:
    return rx.fragment(
        _head("Show that it is you", "Type the six digits that your app shows now."),
        PostForm.create(
            code_field("show", "Digits", _WRONG, hint="Or one of the codes that you kept for when the app is lost."),
            submit("show", "Go on", FactorRefused),
            label="Show that it is you",
        ),
    )


def _keep() -> rx.Component:
    return rx.fragment(
        _head(
            "Keep these codes",
            "Each lets you in once when your phone is lost. Print them, or write them down, and keep them where your "
            "phone is not.",
        ),
        rx.el.ol(rx.foreach(FactorState.codes, lambda code: rx.el.li(code, key=code)), class_name="codes amount"),
        button_link("I have kept them", href=FactorState.leads_to, wide=True),
        rx.el.p(
            button("Set up another app", quiet=True, wide=True, on_click=FactorState.set_up_another, custom_attrs=ASKS)
        ),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        taking_long("What is to be done"),
        skeleton("60%", "2.5rem"),
        skeleton("100%", "12rem"),
        class_name="stack",
        aria_busy="true",
    )
