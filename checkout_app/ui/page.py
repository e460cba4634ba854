"""The decorator with which pages register themselves: address and head stand beside what builds the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from checkout_app.core.settings import settings

Build = Callable[[], rx.Component]

DESCRIPTION = "Cups, cloth, lamps and tea from small workshops across India. Few of each, and each a little different."
"""The shop in a sentence or two, for pages that have nothing of their own to say in a search result."""
SHARE_IMAGE = "/brand/share.png"


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its address and what its head says; `image` is a path of this shop."""

    build: Build
    route: str
    title: str
    description: str
    image: str
    on_load: Any


_registered: dict[str, Page] = {}


def page(
    route: str, *, title: str, on_load: Any, description: str = DESCRIPTION, image: str = SHARE_IMAGE
) -> Callable[[Build], Build]:
    """Register the decorated function as what builds the page of a route."""

    def register(build: Build) -> Build:
        _registered[route] = Page(build, route, title, description, image, on_load)
        return build

    return register


def add_pages(app: rx.App) -> None:
    """Add every registered page to the app."""
    for registered in _registered.values():
        app.add_page(
            registered.build,
            route=registered.route,
            title=_whole_title(registered),
            description=registered.description,
            image=f"{settings().public_url}{registered.image}",
            on_load=registered.on_load,
        )


def _whole_title(registered: Page) -> str:
    """Name the shop as well: first on the home page, last on any other."""
    shop = settings().shop_name
    return f"{shop}: {registered.title}" if registered.route == "/" else f"{registered.title} · {shop}"
