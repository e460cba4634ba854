"""The decorator with which pages register themselves: address and head stand beside what builds the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

Build = Callable[[], rx.Component]

_HOME = "/index"
"""What Reflex calls the route of the home page."""


Text = str | rx.Var[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its address and what its head says; a title that is known only in the browser names the shop itself.

    `named` says better what it is about, once that is known: it then stands in the title's place.

    What it shows is loaded by `load`, a handler that is carried out within the event that opens the page. One that sets
    off more work is in `on_load`: Reflex then sends it after that event, and ends that work when the tab is closed.
    Its forms are posted to its own address, whose query says where they lead on to, and taken by `forms` in the API.
    """

    build: Build
    route: str
    title: Text
    named: Text
    head: Mapping[str, Text]
    load: Any
    on_load: Any
    forms: str


_registered: dict[str, Page] = {}


def page(
    route: str,
    *,
    title: Text,
    named: Text = "",
    load: Any = None,
    on_load: Any = None,
    forms: str = "",
    **head: Text,
) -> Callable[[Build], Build]:
    """Register the decorated function as what builds the page of a route; `head` is its description and image."""

    def register(build: Build) -> Build:
        _registered[route] = Page(build, route, title, named, head, load, on_load, forms)
        return build

    return register


def load_of(route: str) -> Any:
    """Return the handler that loads a route's page within the event that opens it; None when none does."""
    registered = _registered.get("/" if route == _HOME else route)
    return registered.load if registered else None


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a page, the same for all that are alike but for what is between their slashes, and its title."""

    at: str
    title: str


def page_at(path: str) -> Address | None:
    """Find the page of a path that says of itself the same to everybody; None when there is none."""
    parts = path.strip("/").split("/")
    for route, registered in _registered.items():
        places = route.strip("/").split("/")
        fits = len(parts) == len(places) and all(
            place == part or (part and place.startswith("[")) for place, part in zip(places, parts, strict=True)
        )
        if fits and isinstance(registered.title, str):
            at = "/".join("-" if place.startswith("[") else place for place in places)
            return Address(f"/{at}", registered.title)
    return None


def form_takers() -> dict[str, str]:
    """Return the pages with forms, and who takes what is posted to each."""
    return {route: registered.forms for route, registered in _registered.items() if registered.forms}


def add_pages(app: rx.App, shop: rx.Var[str]) -> None:
    """Add every registered page to the app; `shop` is what the shop is called."""
    for registered in _registered.values():
        app.add_page(
            registered.build,
            route=registered.route,
            title=_whole_title(registered, shop),
            on_load=registered.on_load,
            **registered.head,
        )


def _whole_title(registered: Page, shop: rx.Var[str]) -> Text:
    title = registered.title
    if not isinstance(title, str):
        return rx.cond(title, title, shop)
    said = rx.cond(registered.named, registered.named, title).to(str)
    return rx.cond(shop, said + " · " + shop, said)
