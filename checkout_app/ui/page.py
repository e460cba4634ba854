"""The decorator with which pages register themselves: address and head stand beside what builds the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from checkout_app.core.settings import settings

Build = Callable[[], rx.Component]

_HOME = "/index"
"""What Reflex calls the route of the home page."""


Text = str | rx.Var[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its address and what its head says; a title that is known only in the browser names the shop itself.

    What it shows is loaded by `load`, a handler that is carried out within the event that opens the page. One that sets
    off more work is in `on_load`: Reflex then sends it after that event, and ends that work when the tab is closed.
    Its forms are posted to its own address, whose query says where they lead on to, and taken by `forms` in the API.
    """

    build: Build
    route: str
    title: Text
    head: Mapping[str, Text]
    load: Any
    on_load: Any
    forms: str


_registered: dict[str, Page] = {}


def page(
    route: str, *, title: Text, load: Any = None, on_load: Any = None, forms: str = "", **head: Text
) -> Callable[[Build], Build]:
    """Register the decorated function as what builds the page of a route; `head` is its description and image."""

    def register(build: Build) -> Build:
        _registered[route] = Page(build, route, title, head, load, on_load, forms)
        return build

    return register


def load_of(route: str) -> Any:
    """Return the handler that loads a route's page within the event that opens it; None when none does."""
    registered = _registered.get("/" if route == _HOME else route)
    return registered.load if registered else None


def form_takers() -> dict[str, str]:
    """Return the pages with forms, and who takes what is posted to each."""
    return {route: registered.forms for route, registered in _registered.items() if registered.forms}


def add_pages(app: rx.App) -> None:
    """Add every registered page to the app."""
    for registered in _registered.values():
        app.add_page(
            registered.build,
            route=registered.route,
            title=_whole_title(registered.title),
            on_load=registered.on_load,
            **registered.head,
        )


def _whole_title(title: Text) -> Text:
    shop = settings().shop_name
    return f"{title} · {shop}" if isinstance(title, str) else rx.cond(title, title, shop)
