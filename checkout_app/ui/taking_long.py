"""What stands where something is on its way for so long that a skeleton would be a lie."""

import reflex as rx

from checkout_app.ui.kit import link
from checkout_app.ui.native import NativeLink

_WITHOUT_SCRIPTS = "Scripts are switched off in this browser. One can look around without them, but not pay."


def taking_long(what: str) -> rx.Component:
    """Say after some seconds that `what` has not come, and offer ways on; at once where scripts are switched off."""
    return rx.fragment(
        rx.el.noscript(
            rx.el.style(".taking-long.late { display: none }"),
            rx.el.p(_WITHOUT_SCRIPTS, " ", link("Go to the shop", "/"), class_name="taking-long"),
        ),
        rx.el.p(
            what,
            " takes longer than it should. ",
            NativeLink.create("Load the page again", href="", class_name="link"),
            " or ",
            NativeLink.create("go to the shop", href="/", class_name="link"),
            "; nothing is lost by it.",
            role="status",
            class_name="taking-long late",
        ),
    )
