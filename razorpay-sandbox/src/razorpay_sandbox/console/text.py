"""Money, time and statuses as people read them."""

from datetime import datetime
from typing import Final

import htpy as h

from razorpay_sandbox.core import money
from razorpay_sandbox.state.store import Entity

_SYMBOLS: Final = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_TONES: Final = {
    **dict.fromkeys(("paid", "captured", "processed", "delivered", "active", "won"), "good"),
    **dict.fromkeys(("failed", "dropped", "stopped", "lost"), "bad"),
    **dict.fromkeys(("authorized", "pending", "attempted", "open", "under_review"), "waiting"),
}


def _grouped(whole: int) -> str:
    """Group digits the Indian way: 12,34,567."""
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, tail])


def amount(value: int, currency: str = "INR") -> str:
    """Write an amount: ₹1,23,456.00."""
    sign = "-" if value < 0 else ""
    whole, _, fraction = money.written(abs(value), currency).removeprefix(f"{currency} ").partition(".")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{_grouped(int(whole))}{'.' if fraction else ''}{fraction}"


def price(entity: Entity) -> h.Element:
    """Write what an entity is about."""
    return h.span(".money")[amount(entity["amount"], entity.get("currency", "INR"))]


def moment(seconds: float) -> h.Element:
    """Write a time: 22 Nov 2026, 7:42 pm; the exact one is shown when pointed at."""
    local = datetime.fromtimestamp(seconds).astimezone()
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004  # noon
    text = f"{local.day} {local:%b %Y}, {local.hour % 12 or 12}:{local:%M} {half}"
    return h.time(datetime=local.isoformat(), title=f"{local:%H:%M:%S} · {int(seconds)}")[text]


def chip(status: str) -> h.Element:
    """Write a status as a coloured label."""
    return h.span(f".chip.{_TONES.get(status, 'plain')}")[status]
