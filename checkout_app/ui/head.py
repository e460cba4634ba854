"""What every page's <head> and stylesheet hold."""

import reflex as rx

_SHEETS = ("tokens", "base", "frame", "controls", "catalog", "checkout", "orders", "receipt", "print")
STYLESHEETS = [f"styles/{name}.css" for name in _SHEETS]
_FONTS = ("inter-latin", "inter-rupee", "fraunces-latin")


def head_components() -> list[rx.Component]:
    """Return the links each page starts with: the fonts of its first line, its icon, its colour."""
    fonts = [
        rx.el.link(
            rel="preload",
            href=f"/fonts/{font}.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        )
        for font in _FONTS
    ]
    colours = [
        rx.el.meta(name="theme-color", content=colour, custom_attrs={"media": f"(prefers-color-scheme: {scheme})"})
        for scheme, colour in (("light", "#fbf7f1"), ("dark", "#15110e"))
    ]
    return [*fonts, rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"), *colours]
