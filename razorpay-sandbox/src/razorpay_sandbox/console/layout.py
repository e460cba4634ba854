"""What is around every page of the console: head, navigation, the time, and the place for what a call answered."""

from collections.abc import Mapping
from typing import Final

import htpy as h

from razorpay_sandbox.console.text import moment
from razorpay_sandbox.state.gateway import Gateway

STYLES: Final = ("base.css", "content.css", "forms.css")
SCRIPT: Final = "console.js"
MODULES: Final = ("live.js", "page.js", "morph.js")


def document(gateway: Gateway, menu: Mapping[str, str], here: str, title: str, version: str, content: h.Node) -> str:
    """Write a page; ``menu`` maps addresses to names, ``version`` is of what the content was made from."""
    base = gateway.config.base_path
    files = f"{base}/console"
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.title[f"{title} · Sandbox"],
        h.link(rel="icon", href="data:,"),
        (h.link(rel="stylesheet", href=f"{files}/{name}") for name in STYLES),
        (h.link(rel="modulepreload", href=f"{files}/{name}") for name in MODULES),
        h.script(type="module", src=f"{files}/{SCRIPT}"),
    ]
    links = (
        h.a(href=f"{base}{path}", aria_current="page" if path == here else None)[name] for path, name in menu.items()
    )
    header = h.header[
        h.a(".skip", href="#content")["Skip to content"],
        h.a(".name", href=f"{base}/")[h.strong["Sandbox"], h.span(".mode")["Test Mode"]],
        h.p(".clock")[moment(gateway.clock.now())],
        h.nav(aria_label="Console")[links],
    ]
    main = h.main[
        h.h1[title],
        h.noscript[h.p(".note")["Reading works as it is; the buttons need JavaScript."]],
        h.p("#said", role="status"),
        h.div("#content", tabindex="-1", data_version=version)[content],
    ]
    return str(h.html(lang="en-IN")[head, h.body(data_base=base)[header, main]])
