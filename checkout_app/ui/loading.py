"""What stands on a page whose address was not known when the pages were built, until its script has arrived."""

import reflex as rx

from checkout_app.core.settings import settings
from checkout_app.ui.kit import picture
from checkout_app.ui.taking_long import taking_long


def loading() -> rx.Component:
    """Show the header's brand in its place, so that the page grows around it instead of flashing."""
    name = settings().shop_name
    brand = rx.el.a(
        picture("/brand/mark.svg", "", 36, 36, class_name="brand-mark"),
        name,
        href="/",
        class_name="brand",
    )
    return rx.el.div(
        rx.el.header(rx.el.div(brand, class_name="wrap header")),
        rx.el.main(taking_long("This page"), class_name="wrap main", aria_busy="true"),
        class_name="frame",
    )
