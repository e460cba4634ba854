"""What the pages of the shop itself have in common: the ways between them, and the fields of their forms."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.shop.views import COMPLAINTS, LIVE, POLICIES, SHOP
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm
from checkout_app.ui.office import office, part, sheet, tab, tabs

_PAGES: Final = ((SHOP, "Who you are"), (POLICIES, "Policies"), (COMPLAINTS, "Complaints"), (LIVE, "Steps to live"))


def shop_page(path: str, desk: Any, *content: rx.Component) -> rx.Component:
    """Put a page of the shop itself into its frame."""
    return office(
        SHOP,
        desk,
        sheet("office-shop"),
        rx.el.h1("The shop"),
        tabs("The shop", *(tab(name, href, current=href == path) for href, name in _PAGES)),
        *content,
    )


def said_part(title: str, key: str, *fields: rx.Component, changes: Any) -> rx.Component:
    """Make a form of what the shopkeeper says; who may not change it sees it all the same."""
    return part(
        title,
        ApiForm.create(
            rx.el.fieldset(*fields, disabled=~changes, class_name="office-fields", aria_label=title),
            form_notice(f"{key}-", {}),
            rx.cond(changes, button("Save", type="submit")),
            label=title,
            action="/api/merchant/seller",
            method="PATCH",
            next=f"{SHOP}?saved={key}",
        ),
    )


def said_field(name: str, label: str, value: Any, *options: rx.Component, **props: Any) -> rx.Component:
    """Make a field of such a form, with what it says now."""
    return field(name, label, *options, wrong="", prefix="shop-", default_value=value, **props)
