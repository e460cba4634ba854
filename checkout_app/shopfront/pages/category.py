"""A category's page: what there is of one kind."""

import reflex as rx

from checkout_app.shopfront.pages.shelf import VIEW, shelf_page
from checkout_app.ui.frame import frame
from checkout_app.ui.page_data import public_page


@public_page("/category/[slug]")
def category() -> rx.Component:
    """Build the page of whichever category the address names."""
    return frame(shelf_page(rx.el.h1(VIEW.heading)))
