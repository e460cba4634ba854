"""What keeps people's attention where it belongs while pages come and go."""

import reflex as rx

ASKS = {"data-asks": ""}
"""Attributes of what asks the server for something when it is pressed: the bar shows while there is no answer."""


class Arrival(rx.Component):
    """Leads the keyboard to a page that was come to within the tab, and tells its title."""

    library = rx.asset("arrival.jsx", shared=True).importable_path
    tag = "Arrival"


class Waiting(rx.Component):
    """Shows a bar while the visitor waits."""

    library = rx.asset("waiting.jsx", shared=True).importable_path
    tag = "Waiting"


def attention() -> rx.Component:
    """Place both around the pages, so that they stay while pages change."""
    return rx.fragment(Arrival.create(), Waiting.create())
