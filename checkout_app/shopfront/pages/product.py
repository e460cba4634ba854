"""A product's page: its picture, its price in words and figures, and the way to buy it."""

from typing import Any, Final

import reflex as rx

from checkout_app.checkout.views import PRODUCT_GONE
from checkout_app.shopfront.choices import ChoiceView, OptionView
from checkout_app.shopfront.state import ProductState
from checkout_app.shopfront.views import Detail, PictureView, ProductView
from checkout_app.ui import page_data
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, button_link, link, message, picture, skeleton, skeleton_text
from checkout_app.ui.native import GetForm, NativeLink
from checkout_app.ui.page_data import public_page
from checkout_app.ui.unreached import unreached

_SIZES: Final = "(max-width: 48rem) 100vw, 50vw"
VIEW: Final[Any] = page_data.view(ProductView)
_CHOOSE: Final = "choose"


@public_page("/product/[slug]", load=ProductState.load)
def product() -> rx.Component:
    """Build the page of whichever product the address names."""
    return frame(
        rx.match(
            page_data.STATUS,
            (200, _product(VIEW)),
            (404, _not_found()),
            (page_data.UNREACHED, unreached()),
            _skeleton(),
        )
    )


def _not_found() -> rx.Component:
    """Say that there is no such product any more."""
    return message(
        "search-x",
        "This is not for sale",
        PRODUCT_GONE,
        button_link("See what there is", href="/"),
    )


def _product(view: rx.Var[ProductView]) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            picture(
                view.image,
                view.image_alt,
                800,
                1000,
                sources=view.sources,
                sizes=_SIZES,
                custom_attrs={"fetchPriority": "high"},
            ),
            rx.foreach(view.more, _another),
            class_name="product-picture",
            **_scrolls(view),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.el.a(view.category, href=view.category_href, class_name="link"), class_name="small"),
                rx.el.h1(view.name),
                rx.cond(view.summary, rx.el.p(view.summary, class_name="muted")),
                class_name="product-head",
            ),
            rx.cond(
                view.options.length() > 0,
                rx.el.div(rx.foreach(view.options, _option), id=_CHOOSE, class_name="product-options"),
            ),
            _price(view),
            rx.cond(view.most > 0, _buy(view), rx.cond(_is_held(view), rx.fragment(), _sold_out(view))),
            rx.cond(_is_held(view), _held()),
            _about(view),
            class_name="product-text",
        ),
        class_name="product",
    )


def _option(option: rx.Var[OptionView]) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.span(option.name, class_name="field-label"), " ", rx.el.span(option.chosen, class_name="muted")),
        rx.el.ul(rx.foreach(option.choices, _choice), class_name="choice"),
        class_name="field",
        role="group",
        aria_label=option.name,
        key=option.name,
    )


def _choice(value: rx.Var[ChoiceView]) -> rx.Component:
    """Make the link to the variant that has a value: the page stays where it is, and is no step of the history."""
    return rx.el.li(
        rx.el.a(
            value.name,
            rx.cond(value.note, rx.el.span(value.note, class_name="choice-note")),
            href=value.href,
            rel="nofollow",
            aria_current=rx.cond(value.chosen, "true", "false"),
            class_name=rx.cond(value.note, "choice-value choice-lacking", "choice-value"),
            custom_attrs={"preventScrollReset": True, "replace": True},
        ),
        key=value.name,
    )


def _another(each: rx.Var[PictureView]) -> rx.Component:
    """Show a further picture, beside the first: one comes to it by moving that away."""
    return picture(
        each.image, each.image_alt, 800, 1000, sources=each.sources, sizes=_SIZES, loading="lazy", key=each.image
    )


def _scrolls(view: rx.Var[ProductView]) -> dict[str, rx.Var[Any]]:
    """Let somebody without a pointer come to the further pictures too."""
    nothing: rx.Var[Any] = rx.Var("undefined")
    said = {"tab_index": 0, "role": "group", "aria_label": "Pictures"}
    return {name: rx.cond(view.more.length() > 0, value, nothing) for name, value in said.items()}


def _price(view: rx.Var[ProductView]) -> rx.Component:
    tone = view.tone
    return rx.el.div(
        rx.el.p(
            rx.el.span(view.price, class_name="amount"),
            rx.cond(view.taxed, rx.el.span("incl. GST", class_name="small muted")),
            class_name="product-price",
        ),
        rx.el.p(
            rx.match(
                tone,
                ("success", rx.icon("check", size=16)),
                ("warning", rx.icon("clock", size=16)),
                rx.icon("ban", size=16),
            ),
            view.availability,
            class_name=f"availability tone-{tone}",
        ),
        class_name="product-head",
        aria_live="polite",
    )


def _buy(view: rx.Var[ProductView]) -> rx.Component:
    return GetForm.create(
        rx.el.input(type="hidden", name=view.asked_as, value=view.offer),
        rx.cond(view.chosen, _chosen(view)),
        rx.el.label(
            rx.el.span("Quantity", class_name="field-label"),
            rx.el.select(rx.foreach(view.prices, _quantity), name="quantity", class_name="field-input"),
            class_name="product-quantity",
        ),
        button("Buy now", type="submit", wide=True),
        button("Add to cart", type="submit", quiet=True, wide=True, form_action="/cart", form_method="post"),
        rx.el.div(
            rx.el.output(),
            rx.el.a("See your cart", href="/cart", class_name="link", reload_document=True),
            class_name="product-said",
            key=view.offer,
        ),
        action="/checkout",
        class_name="product-buy product-buy-bar",
        key=view.slug,
    )


def _chosen(view: rx.Var[ProductView]) -> rx.Component:
    """Say what is chosen where the buttons stand away from it, at the foot of a phone."""
    change = NativeLink.create("Change", href=f"#{_CHOOSE}", class_name="link")
    return rx.el.p(rx.el.span(view.chosen), change, class_name="product-chosen small")


def _quantity(price: rx.Var[str], index: rx.Var[int]) -> rx.Component:
    """Make the choice of so many, and say what they cost together."""
    quantity = index + 1
    return rx.el.option(quantity.to_string() + " · " + price, value=quantity.to_string(), key=quantity.to_string())


def _is_held(view: rx.Var[ProductView]) -> rx.Var[bool]:
    """Tell whether the visitor has ordered it and not paid."""
    return (ProductState.product == view.slug) & (ProductState.unpaid_order != "")


def _held() -> rx.Component:
    return rx.el.div(
        rx.icon("info", size=18),
        rx.el.p(
            "You have ordered this and not paid yet; it is kept for you. ",
            link("Pay or cancel that order", ProductState.unpaid_order),
            class_name="notice-text",
        ),
        class_name="notice tone-info",
        role="status",
    )


def _sold_out(view: rx.Var[ProductView]) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.cond(view.options.length() > 0, "There is none left of this one.", "There is none left just now.")),
        button_link(rx.el.span("See more from ", view.category), href=view.category_href, quiet=True, wide=True),
        class_name="product-buy",
    )


def _about(view: rx.Var[ProductView]) -> rx.Component:
    return rx.el.div(
        rx.cond(view.description, rx.el.p(view.description)),
        rx.el.dl(rx.foreach(view.details, _detail), class_name="details"),
        _promise("truck", view.shipping),
        _promise("undo-2", view.returns),
        class_name="stack",
    )


def _detail(detail: rx.Var[Detail]) -> rx.Component:
    return rx.el.div(rx.el.dt(detail.term, class_name="muted"), rx.el.dd(detail.text), class_name="details-row")


def _promise(icon: str, text: rx.Var[str]) -> rx.Component:
    return rx.cond(text, rx.el.p(rx.icon(icon, size=18), text, class_name="promise"))


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="product-picture skeleton"),
        rx.el.div(
            skeleton_text("5rem"),
            skeleton("80%", "2.4rem"),
            skeleton_text("60%"),
            skeleton("9rem", "1.75rem"),
            skeleton("100%", "3.25rem"),
            skeleton_text("100%"),
            skeleton_text("90%"),
            skeleton_text("95%"),
            class_name="product-text",
        ),
        class_name="product",
        aria_busy="true",
    )
