"""What a public page shows: told by the server within the page, and to a tab that comes from another one over HTTP.

It is no state of the tab, so it needs no websocket; and it belongs to the URL, so no page ever shows another's.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import reflex as rx

from checkout_app.ui.page import Build, page
from checkout_app.ui.visitor import Visitor

T = TypeVar("T")


_LIBRARY: Final = rx.asset("page_data.jsx", shared=True).importable_path
_HOOK: Final = rx.vars.VarData(
    hooks={"const pageData = usePageData()": None},
    imports={_LIBRARY: [rx.ImportVar(tag="usePageData", install=False)]},
)

WAITING: Final = 0
"""The status of a page of which nothing is known yet."""
UNREACHED: Final = -1
"""The status of a page that could not be asked for."""


def _of(name: str, kind: type[T]) -> rx.Var[T]:
    return rx.Var(f"pageData.{name}", _var_type=kind, _var_data=_HOOK).to(kind)


STATUS: Final[Any] = _of("status", int)


def view(kind: type[T]) -> rx.Var[T]:
    """Return what the page shows, for expressions; to be looked at only when STATUS says that it is there."""
    return _of("view", kind)


def also_told(name: str, kind: type[T]) -> rx.Var[T]:
    """Return what is told beside what the page shows, under a name of its own."""
    return _of(name, kind)


def public_page(route: str, load: Any = Visitor.load, forms: str = "") -> Callable[[Build], Build]:
    """Register the decorated function as what builds the page of a route that shows what is told so, head included.

    `load` finds out what the page shows of its visitor, `forms` takes what is posted to it.
    """
    title, description, image = (_of(f"head.{name}", str) for name in ("title", "description", "image"))
    return page(route, title=title, description=description, image=image, load=load, forms=forms)
