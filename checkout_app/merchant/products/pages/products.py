"""All products in a table: found by a search, with price and stock changed where they stand."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.categories.views import CATEGORIES
from checkout_app.merchant.imports.views import IMPORT
from checkout_app.merchant.products.listing import LONGEST_SEARCH
from checkout_app.merchant.products.pages.cells import price_cell, stock_cell
from checkout_app.merchant.products.views import NEW, PRODUCTS, ProductsView, RowView
from checkout_app.ui import page_data
from checkout_app.ui.kit import picture, pill
from checkout_app.ui.native import NativeLink
from checkout_app.ui.office import office, office_page, search, sheet, steps, table

VIEW: Final[Any] = page_data.view(ProductsView)


@office_page(PRODUCTS)
def products() -> rx.Component:
    """Build the table of products."""
    return office(
        PRODUCTS,
        VIEW.desk,
        sheet("office-products"),
        rx.el.div(
            rx.el.h1("Products"),
            rx.el.div(
                NativeLink.create("Categories", href=CATEGORIES, class_name="link"),
                NativeLink.create("As a table", href=IMPORT, class_name="link"),
                class_name="office-ways",
            ),
            search("Search products", PRODUCTS, VIEW.search, such_as="Name, category or SKU", longest=LONGEST_SEARCH),
            rx.cond(VIEW.can_change, _new()),
            class_name="office-head",
        ),
        rx.cond(
            VIEW.none,
            rx.el.p(VIEW.none, class_name="office-none"),
            table(("Product", "Price", "Stock", "Shown"), rx.foreach(VIEW.rows, _row), "office-products"),
        ),
        steps(VIEW, "Older products"),
    )


def _new() -> rx.Component:
    return NativeLink.create(rx.icon("plus", size=18), "New product", href=NEW, class_name="button button-primary")


def _row(row: rx.Var[RowView]) -> rx.Component:
    price = price_cell("Price of " + row.name, row.price, row.path)
    stock = stock_cell("Stock of " + row.name, row.stock, row.path)
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                picture(row.image, "", 48, 60, loading="lazy"),
                rx.el.div(
                    NativeLink.create(row.name, href=row.href, class_name="office-open"),
                    rx.el.p(row.about, class_name="small muted"),
                ),
                class_name="office-product",
            ),
        ),
        rx.el.td(
            rx.el.span("Price", class_name="office-heading"),
            rx.cond(VIEW.can_change & ~row.several, price, rx.el.span(row.price_label, class_name="amount")),
        ),
        rx.el.td(
            rx.el.span("Stock", class_name="office-heading"),
            rx.cond(VIEW.can_count & ~row.several, stock, rx.el.span(row.stock_label, class_name="amount")),
            rx.cond(row.held, rx.el.p(row.held, class_name="small muted")),
        ),
        rx.el.td(pill(row.status, row.tone)),
        key=row.id,
    )
