"""What stands on a page whose address was not known when the pages were built, until its script has arrived."""

import reflex as rx

from checkout_app.ui.shop import Brand
from checkout_app.ui.taking_long import taking_long


def loading() -> rx.Component:
    """Show the header's brand in its place, so that the page grows around it instead of flashing."""
    return rx.el.div(
        rx.el.header(rx.el.div(Brand.create(), class_name="wrap header")),
        rx.el.main(taking_long("This page"), class_name="wrap main", aria_busy="true"),
        class_name="frame",
    )
