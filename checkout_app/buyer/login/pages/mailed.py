"""The pages of what is mailed: a code to type, a link that was followed, and where a mail is asked for."""

import reflex as rx

from checkout_app.accounts.errors import CodeRefused, EmailTaken, LinkRefused
from checkout_app.accounts.passwords import SHORTEST
from checkout_app.buyer.login.api import ENTER
from checkout_app.buyer.login.pages.parts import (
    code_field,
    email_field,
    letting_in,
    name_field,
    password_field,
    submit,
)
from checkout_app.ui.kit import link
from checkout_app.ui.native import PostForm
from checkout_app.ui.page import page
from checkout_app.ui.visitor import Visitor


@page("/code", title="Your code", description="Sign in with a mailed code.", load=Visitor.load, forms=ENTER)
def code() -> rx.Component:
    """Build the page on which the digits of a mail are typed."""
    return letting_in(
        "Type your code",
        "If there is an account or an order with that address, six digits are on their way to it. They are good for "
        "ten minutes.",
        PostForm.create(
            code_field("enter-code", "Code", "Type the six digits of the mail."),
            submit("enter-code", "Sign in", CodeRefused),
            label="Type your code",
        ),
        rx.el.p(link("Mail me another code", "/login")),
    )


@page("/forgot", title="Another password", description="Choose another password.", load=Visitor.load, forms=ENTER)
def forgot() -> rx.Component:
    """Build the page on which somebody asks for a link to choose another password."""
    return letting_in(
        "Forgot your password?",
        "We mail you a link with which you choose another one.",
        PostForm.create(email_field("forgot"), submit("forgot", "Mail me a link"), label="Forgot your password?"),
    )


@page("/reset", title="Another password", description="Choose another password.", load=Visitor.load, forms=ENTER)
def reset() -> rx.Component:
    """Build the page that the link leads to with which another password is chosen."""
    return letting_in(
        "Choose another password",
        "Everywhere else your account is signed out by it.",
        PostForm.create(
            password_field("reset", "new-password", min_length=SHORTEST),
            submit("reset", "Keep this password", LinkRefused, EmailTaken),
            label="Choose another password",
        ),
        rx.el.p(link("Mail me another link", "/forgot")),
    )


@page("/accept", title="Your invitation", description="Join the shop.", load=Visitor.load, forms=ENTER)
def accept() -> rx.Component:
    """Build the page that an invitation leads to, by which somebody becomes one of the people of the shop."""
    return letting_in(
        "You are invited to run this shop",
        "Say who you are and choose a password. After that an app on your phone becomes your second key.",
        PostForm.create(
            name_field("accept", required=True),
            password_field("accept", "new-password", min_length=SHORTEST),
            submit("accept", "Join the shop", LinkRefused),
            label="Join the shop",
        ),
    )


@page("/begin", title="Your shop", description="Own the shop.", load=Visitor.load, forms=ENTER)
def begin() -> rx.Component:
    """Build the page that the link of a shop's first start leads to, by which somebody becomes its owner."""
    return letting_in(
        "This shop is yours",
        "Say who you are and choose a password. After that an app on your phone becomes your second key.",
        PostForm.create(
            name_field("begin", required=True),
            email_field("begin"),
            password_field("begin", "new-password", min_length=SHORTEST),
            submit("begin", "Own this shop", LinkRefused),
            label="Own this shop",
        ),
    )


@page("/verify", title="Your address", description="Say that an address is yours.", load=Visitor.load, forms=ENTER)
def verify() -> rx.Component:
    """Build the page that the link leads to by which somebody says that an address is theirs."""
    return letting_in(
        "Is this your address?",
        "You came here by a link that we mailed. Say that the address it went to is yours.",
        PostForm.create(submit("verify", "Yes, it is mine", LinkRefused, EmailTaken), label="Is this your address?"),
    )


@page("/sent", title="Look at your mail", description="A mail is on its way.", load=Visitor.load)
def sent() -> rx.Component:
    """Build the page that says that a mail is on its way, if there is anybody to write to."""
    return letting_in(
        "Look at your mail",
        "If there is an account with that address, a mail is on its way to it. It may take a minute, and be taken "
        "for an advertisement.",
        rx.el.p(link("Back to the shop", "/")),
    )
