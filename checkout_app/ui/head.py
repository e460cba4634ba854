"""What every page's <head> and stylesheet hold."""

from pathlib import Path

import reflex as rx

from checkout_app.core.assets import versioned

_SHEETS = ("tokens", "base", "frame", "controls", "catalog", "checkout", "orders", "receipt", "account", "print")
STYLESHEETS = [f"styles/{name}.css" for name in _SHEETS]
_FONTS = ("inter-latin", "inter-rupee", "fraunces-latin")


def head_components() -> list[rx.Component]:
    """Return what each page starts with: what has to run before all else, the fonts of its first line, icon, colour."""
    early = rx.el.script(Path(__file__).with_name("early.js").read_text(encoding="utf-8"))
    fonts = [
        rx.el.link(
            rel="preload",
            href=versioned(f"/fonts/{font}.woff2"),
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
    return [early, *fonts, rx.el.link(rel="icon", href=versioned("/favicon.svg"), type="image/svg+xml"), *colours]
