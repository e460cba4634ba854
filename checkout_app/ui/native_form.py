"""A form that the browser itself sends: `rx.el.form` would swallow the submit."""

import reflex as rx
from reflex_components_core.el.element import Element


class NativeForm(Element):
    """An HTML form with its plain behaviour, for posts that set or clear a cookie."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
