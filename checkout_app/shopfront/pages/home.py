"""The home page: one sentence, one picture, and what is for sale."""

import reflex as rx

from checkout_app.shopfront.state import ShelfState
from checkout_app.shopfront.views import ShelfItem
from checkout_app.ui.attention import ASKS
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button_link, picture
from checkout_app.ui.page import DESCRIPTION, page

SENTENCE = "Things made by hand, to be used every day."


@page("/", title=SENTENCE, load=ShelfState.load)
def home() -> rx.Component:
    """Build the home page."""
    return frame(
        _hero(),
        rx.el.section(
            rx.el.h2("What we have", class_name="visually-hidden", id="shelf"),
            _categories(),
            rx.el.ul(rx.foreach(ShelfState.items, _item), class_name="shelf"),
            rx.cond(ShelfState.items, rx.fragment(), _nothing()),
        ),
    )


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h1(SENTENCE),
            rx.el.p(DESCRIPTION, class_name="hero-lead"),
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


def _categories() -> rx.Component:
    return rx.el.nav(
        _category("Everything", "/", ShelfState.category == ""),
        rx.foreach(
            ShelfState.categories,
            lambda name: _category(name, "/?category=" + name.to(str), ShelfState.category == name),
        ),
        class_name="categories",
        aria_label="Categories",
    )


def _category(label: str | rx.Var[str], href: str | rx.Var[str], current: rx.Var[bool]) -> rx.Component:
    return rx.el.a(
        label,
        href=href,
        class_name="category",
        aria_current=rx.cond(current, "page", "false"),
        custom_attrs={"preventScrollReset": True, **ASKS},
    )


def _item(item: rx.Var[ShelfItem], index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.div(
                picture(
                    item.image,
                    item.image_alt,
                    400,
                    500,
                    loading=rx.cond(index < 4, "eager", "lazy"),  # noqa: PLR2004 - one row
                ),
                class_name="shelf-picture",
            ),
            rx.el.div(
                rx.el.h3(item.name, class_name="shelf-name"),
                rx.el.p(item.price, class_name="shelf-price amount"),
                rx.cond(item.scarce, rx.el.p(item.scarce, class_name="small muted")),
                class_name="shelf-text",
            ),
            href=item.href,
            class_name="shelf-item",
        ),
        key=item.slug,
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.el.p("The shelves are empty just now.", class_name="muted"),
        button_link("Look again", href="/", quiet=True, reload_document=True),
        class_name="message",
    )
