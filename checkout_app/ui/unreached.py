"""What stands on a public page when a tab could not ask what is on it."""

import reflex as rx

from checkout_app.ui import address
from checkout_app.ui.kit import button_link, message


def unreached() -> rx.Component:
    """Say that the page did not come, and let it be asked for again."""
    return message(
        "cloud-off",
        "This page did not come",
        "The shop could not be reached. Orders and payments are not affected.",
        button_link("Try again", href=address.PATH + address.QUERY, reload_document=True),
    )
