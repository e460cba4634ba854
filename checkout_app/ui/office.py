"""The frame around the pages of the back office, and the parts they have in common.

The frame says whose shop it is, which rooms the back office has, and who is at work. Its pages are asked for as
documents, so each shows what is true as it is opened. They bring a style sheet of their own, which no page of the shop
has to load.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import reflex as rx

from checkout_app.core.assets import versioned
from checkout_app.ui import page_data
from checkout_app.ui.kit import Text, button, skeleton
from checkout_app.ui.native import NativeForm, NativeLink, StyleSheet
from checkout_app.ui.page import Build
from checkout_app.ui.page_data import public_page
from checkout_app.ui.shop import Brand
from checkout_app.ui.unreached import unreached

_NEEDS: Final = "/merchant/needs"
_ROOMS: Final = (
    ("/merchant", "Today", "sun"),
    ("/merchant/orders", "Orders", "package"),
    (_NEEDS, "Needs you", "circle-alert"),
    ("/merchant/products", "Products", "tag"),
    ("/merchant/coupons", "Coupons", "ticket-percent"),
    ("/merchant/delivery", "Delivery", "truck"),
    ("/merchant/shop", "The shop", "store"),
    ("/merchant/people", "People", "users"),
)
"""Where each begins, what it is called, and its sign."""
_OF_OWNERS: Final = frozenset({"/merchant/people"})
"""Those that nobody else is led to."""
RUPEES: Final = {"custom_attrs": {"data-minor": ""}, "input_mode": "decimal", "max_length": 14}
"""What makes a field one for an amount, which is sent in minor units."""
_WAITS: Final[Any] = page_data.also_told("waits", int)
"""How much waits for a person, which is told with every page."""


def office_page(route: str) -> Callable[[Build], Build]:
    """Register the decorated function as what builds a page of the back office, for the people of the shop alone."""
    return public_page(route, load=None)


def office(room: str, desk: Any, *content: rx.Component) -> rx.Component:
    """Put a page of one of its rooms into the frame of the back office; `desk` says who looks at it."""
    return rx.el.div(
        sheet("office"),
        NativeLink.create("Skip to content", href="#content", class_name="skip"),
        rx.el.header(
            Brand.create(),
            rx.el.nav(
                *(_room(*each, here=room, desk=desk) for each in _ROOMS),
                class_name="office-rooms",
                aria_label="Back office",
            ),
            _at_work(desk),
            class_name="office-rail",
        ),
        rx.el.main(
            rx.match(
                page_data.STATUS,
                (200, rx.fragment(*content)),
                (404, _nothing()),
                (page_data.UNREACHED, unreached()),
                rx.el.div(skeleton("100%", "20rem"), aria_busy="true"),
            ),
            id="content",
            tab_index=-1,
            class_name="office-main",
        ),
        class_name="office",
    )


def sheet(name: str) -> rx.Component:
    """Load a style sheet with the page that it is put on; that of a room is called `office-` and then as the room."""
    return StyleSheet.create(href=versioned(f"/styles/{name}.css"), rel="stylesheet", precedence="office")


def part(title: str, *content: rx.Component) -> rx.Component:
    """Put what belongs together below a heading."""
    return rx.el.section(rx.el.h2(title), *content, class_name="card office-part")


def back(name: str, href: str) -> rx.Component:
    """Lead to the page that this one was come from."""
    return NativeLink.create(rx.icon("arrow-left", size=16), name, href=href, class_name="link office-back")


def tabs(label: str, *each: rx.Component) -> rx.Component:
    """Lead from one to the other of some pages: each is a `tab`."""
    return rx.el.nav(*each, class_name="office-tabs", aria_label=label)


def tab(name: Text, href: Text, *, current: rx.Var[bool] | bool, count: Text = "") -> rx.Component:
    """Lead to one of some pages; `count` is how much is on it, where that matters."""
    return NativeLink.create(
        name,
        rx.cond(count, rx.el.span(count, class_name="office-count")),
        href=href,
        class_name="office-tab",
        aria_current=rx.cond(current, "page", "false"),
        key=name,
    )


def search(label: str, action: str, now: rx.Var[str], *kept: rx.Component, such_as: str, longest: int) -> rx.Component:
    """Let a list be searched by `such_as`: `now` is what it was searched for, `kept` what else its address says."""
    return NativeForm.create(
        *kept,
        rx.el.label(label, html_for="search", class_name="visually-hidden"),
        rx.el.input(
            id="search",
            name="search",
            type="search",
            max_length=longest,
            default_value=now,
            placeholder=such_as,
            class_name="field-input",
        ),
        button("Search", type="submit", quiet=True),
        method="get",
        action=action,
        class_name="office-search",
        role="search",
    )


def table(headings: Sequence[str | rx.Component], rows: rx.Component, kind: str = "") -> rx.Component:
    """Make a table, each row of which is a card on a phone; how those of a `kind` look says the sheet of their room."""
    return rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(heading, scope="col") for heading in headings))),
        rx.el.tbody(rows),
        class_name=f"office-table {kind}".rstrip(),
    )


def steps(view: Any, older: str, *others: rx.Component) -> rx.Component:
    """Lead from this page of a list to what is `older`, and back to the newest."""
    return rx.el.div(
        *others,
        rx.cond(view.newest, NativeLink.create("Back to the newest", href=view.newest, class_name="link")),
        rx.cond(view.older, NativeLink.create(older, href=view.older, class_name="link")),
        class_name="office-steps",
    )


def happened(event: rx.Var[Any]) -> rx.Component:
    """Tell what happened, who did it and when, as a line of a list."""
    return rx.el.li(
        rx.el.div(rx.el.p(event.message), rx.el.p(event.who, class_name="small muted")),
        rx.el.p(event.at, class_name="small muted amount"),
    )


def tick(name: str, *words: rx.Component | Text, **props: Any) -> rx.Component:
    """Make a box of a form that is ticked or not."""
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), rx.el.span(*words), class_name="office-tick")


def sure(label: str, question: rx.Component | Text, *comes: rx.Component, does: rx.Component | Text) -> rx.Component:
    """Ask before a form is sent, once somebody has read what comes of it; its button `does` it."""
    return rx.el.dialog(
        rx.el.h3(question),
        *comes,
        rx.el.div(
            button(does, type="submit"),
            button("Not yet", quiet=True, custom_attrs={"data-close": ""}),
            class_name="row",
        ),
        aria_label=label,
        class_name="office-sure",
    )


def _room(path: str, name: str, icon: str, *, here: str, desk: Any) -> rx.Component:
    current = {"aria_current": "page"} if path == here else {}
    count = rx.cond(_WAITS > 0, rx.el.span(_WAITS, class_name="office-count")) if path == _NEEDS else None
    link = NativeLink.create(rx.icon(icon, size=18), name, count, href=path, class_name="nav-item", **current)
    return rx.cond(desk.role == "owner", link) if path in _OF_OWNERS else link


def _at_work(desk: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(desk.email, class_name="small office-who"),
        NativeForm.create(
            rx.el.button(rx.icon("log-out", size=18), "Sign out", type="submit", class_name="nav-item"),
            method="post",
            action="/api/auth/logout",
        ),
        class_name="office-person",
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.el.h1("There is nothing here"),
        rx.el.p(NativeLink.create("To the orders", href="/merchant/orders", class_name="link")),
        class_name="stack",
    )
