"""The page for a path that leads nowhere."""

import reflex as rx

from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button_link, message
from checkout_app.ui.page import page
from checkout_app.ui.visitor import Visitor


@page("/404", title="Not found", load=Visitor.load)
def not_found() -> rx.Component:
    """Build the page for an unknown path."""
    return frame(
        message(
            "map-pin-off",
            "There is nothing here",
            "The address may be mistyped, or the page has moved.",
            button_link("Go to the shop", href="/"),
            button_link("My orders", href="/orders", quiet=True),
        )
    )
