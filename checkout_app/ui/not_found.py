"""The page for a path that leads nowhere."""

import reflex as rx

from checkout_app.ui.frame import shell
from checkout_app.ui.kit import button_link, message


def not_found() -> rx.Component:
    """Build the page for an unknown path."""
    return shell(
        message(
            "map-pin-off",
            "There is nothing here",
            "The address may be mistyped, or the page has moved.",
            button_link("Go to the shop", href="/"),
            button_link("My orders", href="/orders", quiet=True),
        )
    )
