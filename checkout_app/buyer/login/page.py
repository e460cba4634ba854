"""The two pages that let people in: to their account, and to buy, for which an e-mail address is enough."""

from collections.abc import Mapping

import reflex as rx

from checkout_app.accounts.errors import EmailTaken, InvalidCredentials
from checkout_app.accounts.passwords import LONGEST_BYTES, SHORTEST
from checkout_app.accounts.service import LONGEST_NAME
from checkout_app.buyer.login.api import ENTER
from checkout_app.buyer.login.state import LoginState
from checkout_app.core.errors import InternalError, RateLimited, ShopError, Unavailable
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, field, form_notice, spinner
from checkout_app.ui.native import PostForm
from checkout_app.ui.page import page

_ALWAYS = (RateLimited, Unavailable, InternalError)
"""What any form may be refused with."""
_COOKIES_REFUSED = "This browser refuses cookies. The shop can't know you on its next page until you allow it one."


@page("/login", title="Sign in", description="Sign in to your account.", load=LoginState.load, forms=ENTER)
def login() -> rx.Component:
    """Build the page people come to who want to see what is theirs."""
    return _page(
        "Sign in",
        "With the e-mail address and the password of your account.",
        _sign_in(),
        _disclosure("Create an account", _register()),
    )


@page(
    "/continue",
    title="Continue",
    description="Continue with your e-mail, or sign in.",
    load=LoginState.load,
    forms=ENTER,
)
def let_in() -> rx.Component:
    """Build the page people come to who want to buy; an account is the quiet alternative."""
    return _page(
        "Continue with your e-mail",
        "It stands on your receipt. No account is needed.",
        _guest(),
        _disclosure("Sign in to your account", _sign_in()),
        _disclosure("Create an account", _register()),
    )


def _page(title: str, text: str, form: rx.Component, *others: rx.Component) -> rx.Component:
    return frame(
        rx.el.section(
            rx.el.div(rx.el.h1(title), rx.el.p(text, class_name="muted"), class_name="login-head"),
            rx.el.p(_COOKIES_REFUSED, class_name="notice tone-warning when-cookies-refused"),
            form,
            rx.el.div(*others),
            class_name="login",
        )
    )


def _guest() -> rx.Component:
    return PostForm.create(
        _email("guest"),
        _name("guest", "Optional. We use it on the receipt."),
        _submit("guest", "Continue"),
        label="Continue as a guest",
    )


def _sign_in() -> rx.Component:
    return PostForm.create(
        _email("login"),
        _password("login", "current-password"),
        _submit("login", "Sign in", InvalidCredentials),
        label="Sign in",
    )


def _register() -> rx.Component:
    return PostForm.create(
        _name("register", required=True),
        _email("register"),
        _password("register", "new-password", min_length=SHORTEST),
        _submit("register", "Create account", EmailTaken),
        label="Create an account",
    )


def _name(form: str, hint: str = "", *, required: bool = False) -> rx.Component:
    return field(
        "name",
        "Name",
        prefix=f"{form}-",
        hint=hint,
        wrong=f"Tell us your name in at most {LONGEST_NAME} ordinary characters.",
        type="text",
        auto_complete="name",
        required=required,
        max_length=LONGEST_NAME,
    )


def _email(form: str) -> rx.Component:
    return field(
        "email",
        "E-mail",
        prefix=f"{form}-",
        wrong="This is not an e-mail address.",
        type="email",
        auto_complete="email",
        input_mode="email",
        required=True,
        max_length=254,
    )


def _password(form: str, auto_complete: str, **limits: int) -> rx.Component:
    return field(
        "password",
        "Password",
        prefix=f"{form}-",
        wrong=f"Use {SHORTEST} to {LONGEST_BYTES} characters.",
        type="password",
        auto_complete=auto_complete,
        required=True,
        **limits,
    )


def _submit(form: str, label: str, *refusals: type[ShopError]) -> rx.Component:
    """Make the end of a form: what it was refused with, and its button, whose value says which form it is."""
    wrong: Mapping[str, str] = {refusal.code: refusal.sentence for refusal in (*refusals, *_ALWAYS)}
    return rx.fragment(
        form_notice(f"{form}-", wrong),
        button(spinner(), label, type="submit", name="form", value=form, wide=True),
    )


def _disclosure(title: str, content: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(title, rx.icon("chevron-down", size=18), class_name="disclosure-line"),
        rx.el.div(content, class_name="disclosure-body"),
        class_name="disclosure",
    )
