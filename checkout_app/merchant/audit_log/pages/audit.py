"""The audit log: what was done, the newest first, by whom; looked through by kind, person, subject and day."""

from typing import Any, Final

import reflex as rx

from checkout_app.merchant.audit_log.views import AUDIT, AuditView, ChoiceView, EntryView
from checkout_app.merchant.orders.search import LONGEST_SEARCH
from checkout_app.merchant.people.views import PEOPLE
from checkout_app.ui import page_data
from checkout_app.ui.kit import button
from checkout_app.ui.native import NativeForm, NativeLink
from checkout_app.ui.office import back, office, office_page, sheet, steps

VIEW: Final[Any] = page_data.view(AuditView)


@office_page(AUDIT)
def audit() -> rx.Component:
    """Build the page."""
    return office(
        PEOPLE,
        VIEW.desk,
        sheet("office-people"),
        back("People", PEOPLE),
        rx.el.div(
            rx.el.h1("Who did what"),
            rx.el.p("Nobody can change it, and it is never deleted.", class_name="muted"),
            class_name="stack",
        ),
        _search(),
        rx.cond(VIEW.none, rx.el.p(VIEW.none, class_name="office-none"), _table()),
        steps(VIEW, "Older", NativeLink.create("Download as CSV", href=VIEW.table, class_name="link")),
    )


def _search() -> rx.Component:
    return NativeForm.create(
        _choice("group", "What", VIEW.groups, VIEW.group),
        _choice("by", "By whom", VIEW.people, VIEW.by),
        _field("about", "About", VIEW.about, placeholder="Order, e-mail or coupon", max_length=LONGEST_SEARCH),
        _field("day", "On which day", VIEW.day, type="date"),
        button("Search", type="submit", quiet=True),
        method="get",
        action=AUDIT,
        class_name="audit-search",
        role="search",
    )


def _choice(name: str, label: str, choices: rx.Var[tuple[ChoiceView, ...]], chosen: Any) -> rx.Component:
    options = rx.foreach(choices, lambda choice: rx.el.option(choice.words, value=choice.value, key=choice.value))
    return rx.el.div(
        rx.el.label(label, html_for=f"audit-{name}", class_name="field-label"),
        rx.el.select(options, id=f"audit-{name}", name=name, default_value=chosen, class_name="field-input"),
        class_name="field",
    )


def _field(name: str, label: str, value: Any, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"audit-{name}", class_name="field-label"),
        rx.el.input(id=f"audit-{name}", name=name, default_value=value, class_name="field-input", **props),
        class_name="field",
    )


def _table() -> rx.Component:
    return rx.el.ol(rx.foreach(VIEW.done, _entry), class_name="office-lines audit-lines")


def _entry(entry: rx.Var[EntryView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(entry.what),
            rx.el.p(
                rx.el.span("By ", NativeLink.create(entry.who, href=entry.theirs, class_name="link")),
                rx.cond(
                    entry.href,
                    rx.el.span("About ", NativeLink.create(entry.about, href=entry.href, class_name="link")),
                ),
                class_name="small audit-ways",
            ),
        ),
        rx.el.p(entry.at, class_name="small muted"),
        key=entry.id,
    )
