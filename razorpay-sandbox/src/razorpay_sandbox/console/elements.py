"""Parts that the console's pages are made of: tables, facts, links, buttons and forms.

What has a ``data-key``, unlike that of its siblings, stays the same element when a page is shown anew. Buttons are off
until the script is there that gives them something to do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import htpy as h

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity

Row = tuple[str, Sequence[h.Node]]
"""The key of a row and its cells."""


def link(gateway: Gateway, kind: str, entity_id: str | None) -> h.Node:
    """Write an id as a link to its page; ``kind`` is orders or payments."""
    if entity_id is None:
        return "—"
    return h.a(href=f"{gateway.config.base_path}/console/{kind}/{entity_id}")[h.code(".whole")[entity_id]]


def table(name: str, headings: Sequence[str], rows: Iterable[Row], empty: str) -> h.Element:
    """Write a table; on narrow screens each cell carries its heading, and its roles say that it still is a table."""
    body = [
        h.tr(role="row", data_key=key)[
            (
                h.td(role="cell", data_label=heading)[h.div[cell]] if cell is not None else h.td(role="cell")
                for heading, cell in zip(headings, cells, strict=True)
            )
        ]
        for key, cells in rows
    ]
    if not body:
        return h.p(".empty", data_key=f"no {name}")[empty]
    head = h.tr(role="row")[(h.th(scope="col", role="columnheader")[each] for each in headings)]
    return h.table(role="table", aria_label=name, data_key=name)[
        h.thead(role="rowgroup")[head], h.tbody(role="rowgroup")[body]
    ]


def facts(*pairs: tuple[str, h.Node]) -> h.Element:
    """Write what is known of something, each with its name."""
    return h.dl(".facts", data_key="facts")[(h.div[h.dt[name], h.dd[value]] for name, value in pairs)]


def raw(entity: Entity) -> h.Element:
    """Write an entity as the API answers it, folded away."""
    text = json.dumps(entity, indent=2, ensure_ascii=False)
    return h.details(data_key="raw")[h.summary["As the API answers it"], h.pre[text]]


def call(
    method: str,
    path: str,
    label: str,
    body: Mapping[str, Any] | None = None,
    *,
    main: bool = False,
    sure: str | None = None,
) -> h.Element:
    """Write a button that makes a test call and shows the page anew; ``sure`` asks first."""
    return h.button(
        ".main" if main else ".quiet",
        type="button",
        disabled=True,
        data_method=method,
        data_path=path,
        data_body=json.dumps(body or {}),
        data_sure=sure,
        data_key=f"{label} {path}",
    )[label]


def actions(*buttons: h.Node) -> h.Element | None:
    """Write buttons beside each other; nothing when there are none."""
    present = [each for each in buttons if each is not None]
    return h.div(".actions")[present] if present else None


def form(
    name: str, method: str, path: str, *parts: h.Node, body: Mapping[str, Any] | None = None, submit: h.Node = None
) -> h.Element:
    """Write a form that is sent as JSON, with the fields of ``body`` beside those that are typed."""
    button = submit if submit is not None else h.button(".main", disabled=True)[name]
    attributes = {"data-method": method, "data-path": path, "data-body": json.dumps(body or {})}
    return h.form(attributes, aria_label=name, data_key=f"{name} {path}")[parts, h.div(".actions")[button]]


def choices(name: str, options: Mapping[str, str]) -> h.Node:
    """Write a form's buttons, each sending its own value as ``name``; the first is the usual one."""
    return [
        h.button(".main" if place == 0 else ".quiet", disabled=True, name=name, value=value)[label]
        for place, (value, label) in enumerate(options.items())
    ]


def text(label: str, name: str, value: str | None = None, **attributes: str | bool) -> h.Element:
    """Write a labelled field for text."""
    return h.label[
        h.span[label], h.input(name=name, type="text", value=value, data_kind="text", autocomplete="off", **attributes)
    ]


def number(label: str, name: str, value: float | None = None, *, most: int | None = None) -> h.Element:
    """Write a labelled field for a number, not below 0."""
    shown = None if value is None else f"{value:g}"
    return h.label[
        h.span[label],
        h.input(
            name=name,
            type="number",
            step="any",
            min=0,
            max=most,
            value=shown,
            data_kind="number",
            autocomplete="off",
            inputmode="decimal",
        ),
    ]


def flag(label: str, name: str, *, on: bool) -> h.Element:
    """Write a labelled box to tick."""
    return h.label(".flag")[h.input(type="checkbox", name=name, checked=on, data_kind="flag"), h.span[label]]


def choice(label: str, name: str, options: Iterable[str], chosen: str = "") -> h.Element:
    """Write a labelled list to choose from."""
    items = [h.option(value=each, selected=each == chosen)[each] for each in options]
    return h.label[h.span[label], h.select(name=name, data_kind="text")[items]]
