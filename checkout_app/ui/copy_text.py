"""A text, such as an order number, that copies itself on a click."""

import reflex as rx


class CopyText(rx.Component):
    """Shows `text`, or `shown` in its place; a click puts `text` on the clipboard.

    `label` says to screen readers what it is.
    """

    library = rx.asset("copy_text.jsx", shared=True).importable_path
    tag = "CopyText"
    text: rx.Var[str]
    label: rx.Var[str]
    shown: rx.Var[str]
