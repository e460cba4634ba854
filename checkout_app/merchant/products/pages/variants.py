"""In what a product comes: a table of its variants, and the options that they are combinations of."""

from typing import Any, Final

import reflex as rx

from checkout_app.catalog.drafts import LONGEST_SKU
from checkout_app.catalog.options import LONGEST_OPTION, LONGEST_VALUE, MOST_VARIANTS
from checkout_app.merchant.products.pages.cells import cell, price_cell, stock_cell
from checkout_app.merchant.products.variant_views import OptionRow, VariantRow
from checkout_app.merchant.products.views import FormView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm
from checkout_app.ui.office import part, table

VIEW: Final[Any] = page_data.view(FormView)
_CHOICES: Final[Any] = VIEW.variants
_HINT: Final = "What is left out is hidden with its stock, and orders keep it; what is new costs what the first does."


def variants() -> rx.Component:
    """Build the part of a product's page that says in what it comes."""
    return rx.cond(
        VIEW.can_change | (_CHOICES.rows.length() > 0),
        part(
            "Variants",
            rx.cond(_CHOICES.rows.length() > 0, _table()),
            rx.cond(VIEW.can_change, _options()),
        ),
    )


def _table() -> rx.Component:
    headings = ("Variant", "Price", "Stock", "SKU", "Shown")
    return table(headings, rx.foreach(_CHOICES.rows, _row), "office-products office-variants")


def _row(row: rx.Var[VariantRow]) -> rx.Component:
    fixed, there = {"variant_id": row.id}, row.id != ""
    price = price_cell("Price of " + row.name, row.price, VIEW.path, fixed=fixed)
    stock = stock_cell("Stock of " + row.name, row.stock, VIEW.path, fixed=fixed)
    sku = cell("SKU of " + row.name, "sku", row.sku, VIEW.path, "PATCH", fixed=fixed, max_length=LONGEST_SKU)
    return rx.el.tr(
        rx.el.td(rx.el.span(row.name, class_name=rx.cond(row.on_sale, "", "muted"))),
        _figure("Price", rx.cond(VIEW.can_change & there, price, rx.el.span(row.price_label, class_name="amount"))),
        _figure(
            "Stock",
            rx.cond(VIEW.counts_variants & there, stock, rx.el.span(row.stock_label, class_name="amount")),
            rx.cond(row.held, rx.el.p(row.held, class_name="small muted")),
        ),
        _figure("SKU", rx.cond(VIEW.can_change & there, sku, rx.el.span(row.sku, class_name="small muted"))),
        rx.el.td(rx.cond(VIEW.can_change, _turn(row), rx.cond(row.on_sale, "Shown", "Hidden"))),
        key=row.name,
    )


def _figure(heading: str, *shown: rx.Component) -> rx.Component:
    return rx.el.td(rx.el.span(heading, class_name="office-heading"), *shown)


def _turn(row: rx.Var[VariantRow]) -> rx.Component:
    """Make the button that hides a variant, or lets it be chosen."""
    words = rx.cond(row.on_sale, "Hide", "Show")
    return ApiForm.create(
        rx.el.button(words, type="submit", class_name="link", aria_label=words + " " + row.name),
        form_notice("turn-", {}),
        label=words + " " + row.name,
        action=VIEW.path + "/variants",
        method="PUT",
        fixed=row.turn,
    )


def _options() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_CHOICES.summary, class_name="link"),
        ApiForm.create(
            rx.foreach(_CHOICES.options, _option),
            rx.el.p(_HINT, class_name="small muted"),
            form_notice("options-", {}),
            button("Make these", type="submit", quiet=True, wide=True),
            label="Options",
            action=VIEW.path + "/variants",
            method="PUT",
        ),
        class_name="office-more",
    )


def _option(row: rx.Var[OptionRow]) -> rx.Component:
    name, values = row.place + ".name", row.place + ".values"
    return rx.el.div(
        _field(name, "They differ in", LONGEST_OPTION, row.name, row.such_as),
        _field(values, "Values, with commas", MOST_VARIANTS * (LONGEST_VALUE + 2), row.listed, row.such_as_listed),
        class_name="office-option",
        key=row.place,
    )


def _field(name: Any, label: str, longest: int, value: rx.Var[str], such_as: rx.Var[str]) -> rx.Component:
    more = {"default_value": value, "placeholder": such_as, "max_length": longest, "auto_complete": "off"}
    return field(name, label, wrong="", prefix="", **more)
