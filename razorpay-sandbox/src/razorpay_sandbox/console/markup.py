"""Writing HTML: elements that escape what they hold, money and time as people read them."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from razorpay_sandbox.core import money

_VOID: Final = frozenset({"input", "meta", "link", "br"})
_SYMBOLS: Final = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def el(tag: str, /, *children: str | int | None, **attributes: str | int | bool | None) -> Html:
    """Write an element. Children are escaped unless they are markup; ``class_`` and ``data_x`` lose their disguise."""
    written = []
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        plain = name.rstrip("_").replace("_", "-")
        written.append(f" {plain}" if value is True else f' {plain}="{escape(str(value))}"')
    opening = f"<{tag}{''.join(written)}>"
    if tag in _VOID:
        return Html(opening)
    return Html(f"{opening}{inside(*children)}</{tag}>")


def inside(*children: str | int | None) -> Html:
    """Join children, escaping what is not markup."""
    return Html("".join(each if isinstance(each, Html) else escape(str(each)) for each in children if each is not None))


def _grouped(whole: int) -> str:
    """Group digits the Indian way: 12,34,567."""
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, tail])


def amount(value: int, currency: str) -> str:
    """Write an amount for people: ₹1,23,456.00."""
    sign = "-" if value < 0 else ""
    whole, _, fraction = money.written(abs(value), currency).removeprefix(f"{currency} ").partition(".")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{_grouped(int(whole))}{'.' if fraction else ''}{fraction}"


def moment(seconds: float) -> Html:
    """Write a time for people: 22 Nov 2026, 7:42 pm; the exact one is shown when pointed at."""
    local = datetime.fromtimestamp(seconds).astimezone()
    text = f"{local.day} {local:%b %Y}, {local.hour % 12 or 12}:{local:%M} {local:%p}".replace("AM", "am")
    return el("time", text.replace("PM", "pm"), datetime=local.isoformat(), title=f"{local:%H:%M:%S} · {int(seconds)}")


_TONES: Final = {
    **dict.fromkeys(("paid", "captured", "processed", "delivered"), "good"),
    **dict.fromkeys(("failed", "dropped", "stopped"), "bad"),
    **dict.fromkeys(("authorized", "pending", "attempted"), "waiting"),
}


def chip(status: str) -> Html:
    """Write a status as a coloured label."""
    return el("span", status, class_=f"chip {_TONES.get(status, 'plain')}")


def code(text: str) -> Html:
    """Write an id."""
    return el("code", text)


def _cell(heading: str, content: str | int | None) -> Html:
    return el("td", None if content is None else el("div", content), data_label=heading)


def table(headings: tuple[str, ...], rows: Sequence[tuple[str | int | None, ...]], empty: str) -> Html:
    """Write a table; on narrow screens each cell carries its heading."""
    if not rows:
        return el("p", empty, class_="empty")
    head = el("tr", *(el("th", heading, scope="col") for heading in headings))
    body = [el("tr", *(_cell(heading, cell) for heading, cell in zip(headings, row, strict=True))) for row in rows]
    return el("table", el("thead", head), el("tbody", *body))


def call(method: str, path: str, label: str, body: str = "{}", *, quiet: bool = True, sure: str | None = None) -> Html:
    """Write a button that makes a test call and shows the page anew; ``sure`` asks first."""
    look = "quiet" if quiet else "main"
    return el(
        "button", label, type="button", class_=look, data_method=method, data_path=path, data_body=body, data_sure=sure
    )


def form(method: str, path: str, label: str, *fields: str, shape: str = "object") -> Html:
    """Write a form that is sent as JSON; ``shape`` rules sends a list with one rule added to those in force."""
    return el("form", *fields, el("button", label, class_="main"), data_method=method, data_path=path, data_shape=shape)


def field(label: str, name: str, kind: str, value: str | float | None = None, **attributes: str | int | bool) -> Html:
    """Write a labelled input; ``kind`` is text, number or flag."""
    if kind == "flag":
        control = el("input", type="checkbox", name=name, checked=bool(value), data_kind=kind)
        return el("label", control, el("span", label), class_="flag")
    shown = None if value is None else f"{value:g}" if isinstance(value, float) else value
    control = el(
        "input",
        name=name,
        type="number" if kind == "number" else "text",
        step="any" if kind == "number" else None,
        value=shown,
        data_kind=kind,
        autocomplete="off",
        **attributes,
    )
    return el("label", el("span", label), control)


def choice(label: str, name: str, options: tuple[str, ...], chosen: str = "") -> Html:
    """Write a labelled list to choose from."""
    items = [el("option", option, value=option, selected=option == chosen) for option in options]
    return el("label", el("span", label), el("select", *items, name=name, data_kind="text"))
