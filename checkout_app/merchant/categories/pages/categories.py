"""The categories in their order: one is moved by a press, and called something else where it stands."""

from typing import Any, Final

import reflex as rx

from checkout_app.catalog.drafts import LONGEST_CATEGORY
from checkout_app.merchant.categories.views import CATEGORIES, CategoriesView, CategoryView
from checkout_app.merchant.products.views import PRODUCTS
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import back, office, office_page, sheet, tick

VIEW: Final[Any] = page_data.view(CategoriesView)


@office_page(CATEGORIES)
def categories() -> rx.Component:
    """Build the page of the categories."""
    return office(
        PRODUCTS,
        VIEW.desk,
        sheet("office-categories"),
        back("Products", PRODUCTS),
        rx.el.h1("Categories"),
        rx.cond(
            VIEW.categories.length() > 0,
            rx.fragment(
                rx.el.p("The shop shows them in this order, those of which something is on sale.", class_name="muted"),
                rx.el.ol(rx.foreach(VIEW.categories, _category), class_name="card categories-list"),
            ),
            rx.el.p("There are none: the first product brings one with it.", class_name="office-none"),
        ),
        rx.cond(VIEW.more, rx.el.p(VIEW.more, class_name="muted")),
    )


def _category(category: rx.Var[CategoryView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            NativeLink.create(category.name, href=category.products, class_name="link"),
            rx.el.p(category.about, class_name="small muted"),
        ),
        rx.cond(
            VIEW.can_change,
            rx.fragment(
                _move(category, "Up", "arrow-up", category.up, category.up_before),
                _move(category, "Down", "arrow-down", category.down, category.down_before),
                _rename(category),
            ),
        ),
        key=category.slug,
    )


def _move(category: rx.Var[CategoryView], word: str, icon: str, possible: Any, before: Any) -> rx.Component:
    return ApiForm.create(
        button(
            rx.icon(icon, size=18),
            rx.el.span(word, rx.el.span(": ", category.name, class_name="visually-hidden")),
            type="submit",
            quiet=True,
            disabled=~possible,
        ),
        form_notice("move-", {}),
        label=word + ": " + category.name,
        action=category.path + "/place",
        method="PUT",
        fixed={"before": before},
    )


def _rename(category: rx.Var[CategoryView]) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Rename", rx.el.span(" ", category.name, class_name="visually-hidden"), class_name="link"),
        ApiForm.create(
            field(
                "name",
                "What it is called",
                wrong="",
                hint="All of its products follow. Its old address then says that there is nothing, and leads to "
                "everything.",
                prefix=f"{category.slug}-",
                default_value=category.name,
                max_length=LONGEST_CATEGORY,
                required=True,
                auto_complete="off",
            ),
            tick("join", "If there is a category of this name, the two become one for good"),
            form_notice("name-", {}),
            button("Rename", type="submit", quiet=True),
            label="Rename " + category.name,
            action=category.path + "/name",
            method="PUT",
        ),
        class_name="office-more",
    )
