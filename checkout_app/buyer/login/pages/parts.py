"""What the pages that let people in are made of."""

from collections.abc import Mapping

import reflex as rx

from checkout_app.accounts.errors import NoMails
from checkout_app.accounts.passwords import LONGEST, SHORTEST
from checkout_app.accounts.service import LONGEST_NAME
from checkout_app.core.errors import InternalError, RateLimited, ShopError, Unavailable
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, field, form_notice, spinner

_ALWAYS = (RateLimited, Unavailable, NoMails, InternalError)
"""What any form may be refused with."""
_COOKIES_REFUSED = "This browser refuses cookies. The shop can't know you on its next page until you allow it one."


def letting_in(title: str, text: str, form: rx.Component, *others: rx.Component) -> rx.Component:
    """Make a page that lets somebody in: what it is for, its form, and other ways below."""
    return frame(
        rx.el.section(
            rx.el.div(rx.el.h1(title), rx.el.p(text, class_name="muted"), class_name="login-head"),
            rx.el.p(_COOKIES_REFUSED, class_name="notice tone-warning when-cookies-refused"),
            form,
            rx.el.div(*others),
            class_name="login",
        )
    )


def name_field(form: str, hint: str = "", *, required: bool = False) -> rx.Component:
    """Make the field of a name."""
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


def email_field(form: str) -> rx.Component:
    """Make the field of an e-mail address."""
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


def password_field(
    form: str, auto_complete: str, *, name: str = "password", label: str = "Password", **limits: int
) -> rx.Component:
    """Make the field of a password."""
    return field(
        name,
        label,
        prefix=f"{form}-",
        wrong=f"Use {SHORTEST} to {LONGEST} characters, and none that many people have.",
        type="password",
        auto_complete=auto_complete,
        required=True,
        **limits,
    )


def code_field(form: str, label: str, wrong: str, hint: str = "") -> rx.Component:
    """Make the field of digits that came by a mail, or that an app shows."""
    return field(
        "code",
        label,
        prefix=f"{form}-",
        hint=hint,
        wrong=wrong,
        type="text",
        auto_complete="one-time-code",
        input_mode="numeric",
        required=True,
        max_length=20,
    )


def submit(form: str, label: str, *refusals: type[ShopError]) -> rx.Component:
    """Make the end of a form: what it was refused with, and its button, whose value says which form it is."""
    wrong: Mapping[str, str] = {refusal.code: refusal.sentence for refusal in (*refusals, *_ALWAYS)}
    return rx.fragment(
        form_notice(f"{form}-", wrong),
        button(spinner(), label, type="submit", name="form", value=form, wide=True),
    )


def disclosure(title: str, content: rx.Component) -> rx.Component:
    """Make a line that opens another form."""
    return rx.el.details(
        rx.el.summary(title, rx.icon("chevron-down", size=18), class_name="disclosure-line"),
        rx.el.div(content, class_name="disclosure-body"),
        class_name="disclosure",
    )
