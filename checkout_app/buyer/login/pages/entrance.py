"""The two pages that let people in: to their account, and to buy, for which an e-mail address is enough."""

import reflex as rx

from checkout_app.accounts.errors import CodeWanted, EmailTaken, InvalidCredentials
from checkout_app.accounts.passwords import SHORTEST
from checkout_app.buyer.login.api import ENTER
from checkout_app.buyer.login.pages.parts import disclosure, email_field, letting_in, name_field, password_field, submit
from checkout_app.buyer.login.state import LoginState
from checkout_app.ui.kit import link
from checkout_app.ui.native import PostForm
from checkout_app.ui.page import page


@page("/login", title="Sign in", description="Sign in to your account.", load=LoginState.load, forms=ENTER)
def login() -> rx.Component:
    """Build the page people come to who want to see what is theirs."""
    return letting_in(
        "Sign in",
        "With the e-mail address and the password of your account.",
        _sign_in(),
        disclosure("Sign in with a code", _code()),
        disclosure("Create an account", _register()),
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
    return letting_in(
        "Continue with your e-mail",
        "It stands on your receipt. No account is needed.",
        _guest(),
        disclosure("Sign in to your account", _sign_in()),
        disclosure("Sign in with a code", _code()),
        disclosure("Create an account", _register()),
    )


def _guest() -> rx.Component:
    return PostForm.create(
        email_field("guest"),
        name_field("guest", "Optional. We use it on the receipt."),
        submit("guest", "Continue"),
        label="Continue as a guest",
    )


def _sign_in() -> rx.Component:
    return PostForm.create(
        email_field("login"),
        password_field("login", "current-password"),
        submit("login", "Sign in", InvalidCredentials, CodeWanted),
        rx.el.p(link("Forgot your password?", "/forgot")),
        label="Sign in",
    )


def _code() -> rx.Component:
    return PostForm.create(
        rx.el.p(
            "We mail you six digits, and no password is needed.",
            class_name="muted",
        ),
        email_field("code"),
        submit("code", "Mail me a code"),
        label="Mail me a code",
    )


def _register() -> rx.Component:
    return PostForm.create(
        name_field("register", required=True),
        email_field("register"),
        password_field("register", "new-password", min_length=SHORTEST),
        submit("register", "Create account", EmailTaken),
        label="Create an account",
    )
