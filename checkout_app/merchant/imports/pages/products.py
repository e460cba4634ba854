"""Products as a table: out for a spreadsheet, and in again, said first and then done."""

from typing import Any, Final

import reflex as rx

from checkout_app.catalog.table.service import MOST_ROWS
from checkout_app.merchant.imports.views import IMPORT, TABLE, ImportView
from checkout_app.merchant.products.views import PRODUCTS
from checkout_app.ui import page_data
from checkout_app.ui.native import NativeLink, TableForm
from checkout_app.ui.office import back, office, office_page, part, sheet

VIEW: Final[Any] = page_data.view(ImportView)
_OUT: Final = (
    "All products in rows, with prices in rupees and GST in percent. Change what you like; what you delete there stays "
    "in the shop as it is."
)
_IN: Final = (
    f"The same file, or your own with a name, a category and a price for each product: CSV, up to {MOST_ROWS:,} rows. "
    "You see what it would change before anything is done."
)


@office_page(IMPORT)
def import_products() -> rx.Component:
    """Build the page on which a table goes out and comes in."""
    return office(
        PRODUCTS,
        VIEW.desk,
        sheet("office-imports"),
        back("Products", PRODUCTS),
        rx.el.h1("Products as a table"),
        rx.el.div(
            part("For a spreadsheet", rx.el.p(_OUT), _download()),
            rx.cond(
                VIEW.can_change,
                part(
                    "From a spreadsheet",
                    rx.el.p(_IN),
                    TableForm.create(action="/api/merchant/products/import", list=PRODUCTS),
                ),
            ),
            class_name="office-column office-imports",
        ),
    )


def _download() -> rx.Component:
    icon = rx.icon("download", size=18)
    return rx.el.p(NativeLink.create(icon, "products.csv", href=TABLE, class_name="button button-quiet"))
