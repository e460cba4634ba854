"""Elements with the browser's own behaviour, where Reflex's would be in the way."""

import reflex as rx
from reflex_components_core.el.element import Element


class NativeForm(Element):
    """A form that the browser sends itself, for posts that set or clear a cookie; `rx.el.form` swallows the submit."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


class NativeLink(Element):
    """A link within the page; `rx.el.a` would make it a step of the router."""

    tag = "a"
    href: rx.Var[str]
