"""The shelf as pages show it: the categories, a page of products, and the ways to the pages before and after it."""

from typing import Any, Final

import reflex as rx

from checkout_app.shopfront.views import CategoryLink, ShelfItem, ShelfView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button_link, message, picture, skeleton, skeleton_text
from checkout_app.ui.unreached import unreached

VIEW: Final[Any] = page_data.view(ShelfView)
_IN_FIRST_ROW: Final = 4
_PLACES: Final = 8
_SIZES: Final = "(max-width: 48rem) 50vw, (max-width: 64rem) 33vw, 18rem"


def shelf_page(above: rx.Component) -> rx.Component:
    """Show a page of the shelf below what introduces it, or say that there is none."""
    return rx.match(
        page_data.STATUS,
        (200, rx.fragment(above, _shelf())),
        (404, _no_page()),
        (page_data.UNREACHED, unreached()),
        _skeleton(),
    )


def _shelf() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What we have", class_name="visually-hidden", id="shelf"),
        rx.el.nav(rx.foreach(VIEW.categories, _category), class_name="categories", aria_label="Categories"),
        rx.el.ul(rx.foreach(VIEW.products, _item), class_name="shelf"),
        rx.cond(VIEW.products.length() > 0, rx.fragment(), _nothing()),
        rx.cond(VIEW.place, _pages()),
    )


def _category(category: rx.Var[CategoryLink]) -> rx.Component:
    return rx.el.a(
        category.name,
        href=category.href,
        class_name="category",
        aria_current=rx.cond(category.current, "page", "false"),
        key=category.href,
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
                    sources=item.sources,
                    sizes=_SIZES,
                    loading=rx.cond(index < _IN_FIRST_ROW, "eager", "lazy"),
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
            # The script of a product's page is fetched with the first: it is the same for all of them.
            custom_attrs={"prefetch": rx.cond(index < 1, "render", "none")},
        ),
        key=item.slug,
    )


def _pages() -> rx.Component:
    return rx.el.nav(
        rx.cond(VIEW.earlier, button_link("Previous page", href=VIEW.earlier, rel="prev", quiet=True)),
        rx.el.p(VIEW.place, class_name="small muted"),
        rx.cond(VIEW.later, button_link("Next page", href=VIEW.later, rel="next", quiet=True)),
        class_name="row pages",
        aria_label="Pages",
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.el.p("The shelves are empty just now.", class_name="muted"),
        button_link("Look again", href="/", quiet=True, reload_document=True),
        class_name="message",
    )


def _no_page() -> rx.Component:
    return message(
        "map-pin-off",
        "There is nothing here",
        "The address may be mistyped, or what was here has been sold.",
        button_link("Go to the shop", href="/"),
    )


def _skeleton() -> rx.Component:
    place = rx.el.li(skeleton("100%", "16rem"), skeleton_text("70%"), skeleton_text("30%"))
    return rx.el.section(skeleton("60%", "2.4rem"), rx.el.ul(*[place] * _PLACES, class_name="shelf"), aria_busy="true")
