"""The form by which a guest keeps what they have bought in an account, on its receipt and on the account's page."""

import reflex as rx

from checkout_app.accounts.errors import EmailTaken
from checkout_app.accounts.passwords import SHORTEST
from checkout_app.buyer.login.pages.parts import password_field, submit
from checkout_app.ui.native import PostForm


def keep_form() -> rx.Component:
    """Make the form."""
    return PostForm.create(
        password_field("keep", "new-password", label="Choose a password", min_length=SHORTEST),
        submit("keep", "Keep it in an account", EmailTaken),
        label="Keep it in an account",
        action="/account",
    )
