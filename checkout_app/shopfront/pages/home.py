"""The home page: one sentence, one picture, and what is for sale."""

import reflex as rx

from checkout_app.shopfront.pages.shelf import VIEW, shelf_page
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import picture
from checkout_app.ui.page_data import public_page


@public_page("/")
def home() -> rx.Component:
    """Build the home page; the further pages of the shelf stand at its address as well, without the picture."""
    return frame(shelf_page(rx.cond(VIEW.heading, rx.el.h1(VIEW.heading), _hero())))


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h1(VIEW.sentence),
            rx.el.p(VIEW.description, class_name="hero-lead"),
            class_name="hero-text",
        ),
        picture(
            "/brand/hero.svg",
            "",
            1000,
            800,
            class_name="hero-picture",
            custom_attrs={"fetchPriority": "high"},
        ),
        class_name="hero",
    )
