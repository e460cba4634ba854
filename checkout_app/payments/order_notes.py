"""What an order carries at the gateway, so that it can be made again from there: all but whom it is sent to.

It also names the request that opened it there, by which the log tells how that went.

Razorpay keeps 15 notes of 256 characters with an order. Who bought it and how to reach them, it knows by the payment.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from structlog.contextvars import get_contextvars

from checkout_app.core.settings import settings
from checkout_app.orders.models import Order, OrderLine
from checkout_app.seller.models import TaxScheme

_VERSION = "1"
_LONGEST = 256
_MOST_PARTS = 6
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
"""What a SKU keeps as it is: Razorpay has trouble with some of the rest."""
_ACROSS, _WITHIN = "across", "within"
_SUMS = re.compile(rf"(\d{{1,10}}) (\d{{1,10}}) ({_ACROSS}|{_WITHIN}) ([A-Z0-9][A-Z0-9-]{{0,23}}|-)")
_LINE = re.compile(r"(\d{1,4}) (\d{1,10}) (\d{1,5}) ([0-9A-Za-z]{1,8}|-) (\S.{0,299})")


@dataclass(frozen=True, slots=True)
class NotedLine:
    """So many units of something, at a price and a tax rate in basis points, tax included."""

    sku: str
    quantity: int
    unit_amount: int
    tax_rate: int
    hsn: str

    @property
    def amount(self) -> int:
        """What they cost together."""
        return self.quantity * self.unit_amount


@dataclass(frozen=True, slots=True)
class NotedSums:
    """What no line says by itself: what was taken off by which coupon, what sending cost, whether it left the State."""

    discount: int = 0
    delivery: int = 0
    across: bool = False
    coupon: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What the notes of a gateway order say; `lines` are not all of them where they had no room."""

    shop_id: str
    order_id: str
    number: str
    buyer_id: str
    request_digest: str
    tax_scheme: TaxScheme
    lines: Sequence[NotedLine]
    sums: NotedSums


def notes_of(order: Order, lines: Sequence[OrderLine]) -> dict[str, str]:
    """Write an order down; a long one's last lines are left out where there is no room for all."""
    return {
        "shop_id": settings().shop_id,
        "version": _VERSION,
        "order_id": order.id,
        "number": order.number,
        "buyer_id": order.buyer_id,
        "quote": order.request_digest,
        "tax_scheme": order.tax_scheme,
        **_sums(order, lines),
        **{f"lines_{place}": part for place, part in enumerate(_parts(lines), start=1)},
        **{name: text for name, text in get_contextvars().items() if name == "request_id"},
    }


def _sums(order: Order, lines: Sequence[OrderLine]) -> dict[str, str]:
    """Write down what is beside the lines, where it is anything."""
    across = any(line.igst for line in lines)
    if not (order.discount or order.delivery or across or order.coupon):
        return {}
    return {"sums": f"{order.discount} {order.delivery} {_ACROSS if across else _WITHIN} {order.coupon or '-'}"}


def _parts(lines: Sequence[OrderLine]) -> list[str]:
    parts: list[str] = []
    for line in lines:
        sku = quote(line.sku, safe=_PRINTABLE)
        text = f"{line.quantity} {line.unit_amount} {line.tax_rate} {line.hsn or '-'} {sku}"
        if parts and len(parts[-1]) + 1 + len(text) <= _LONGEST:
            parts[-1] += f"\n{text}"
        elif len(parts) < _MOST_PARTS and len(text) <= _LONGEST:
            parts.append(text)
        else:
            break
    return parts


def shop_of(notes: Any) -> str:
    """Return the shop that an order at the gateway says it is of; empty when it does not say."""
    said = notes.get("shop_id") if isinstance(notes, dict) else None
    return said if isinstance(said, str) else ""


def read(notes: Any) -> Noted:
    """Read what `notes_of` wrote; raises ValueError when it can't be that."""
    given = {name: text for name, text in notes.items() if isinstance(text, str)} if isinstance(notes, dict) else {}
    if given.get("version") != _VERSION:
        raise ValueError("its notes are of another program")
    try:
        texts = [given[f"lines_{place}"] for place in range(1, _MOST_PARTS + 1) if f"lines_{place}" in given]
        return Noted(
            shop_id=given["shop_id"],
            order_id=_id(given["order_id"]),
            number=_fitting(r"[0-9A-Z-]{1,12}", given["number"]),
            buyer_id=_id(given["buyer_id"]),
            request_digest=_fitting(r"[0-9a-f]{64}", given["quote"]),
            tax_scheme=TaxScheme(given["tax_scheme"]),
            lines=[_line(line) for text in texts for line in text.split("\n")],
            sums=_read_sums(given["sums"]) if "sums" in given else NotedSums(),
        )
    except KeyError as missing:
        raise ValueError(f"its notes lack {missing}") from missing


def _id(text: str) -> str:
    return _fitting(r"[0-9A-Z]{1,26}", text)


def _fitting(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError("its notes are not as they were written")
    return text


def _read_sums(text: str) -> NotedSums:
    found = _SUMS.fullmatch(text)
    if found is None:
        raise ValueError("the sums in its notes can't be understood")
    discount, delivery, place, coupon = found.groups()
    return NotedSums(int(discount), int(delivery), across=place == _ACROSS, coupon="" if coupon == "-" else coupon)


def _line(text: str) -> NotedLine:
    found = _LINE.fullmatch(text)
    if found is None:
        raise ValueError("a line in its notes can't be understood")
    quantity, unit_amount, tax_rate, hsn, sku = found.groups()
    return NotedLine(
        sku=unquote(sku),
        quantity=int(quantity),
        unit_amount=int(unit_amount),
        tax_rate=int(tax_rate),
        hsn="" if hsn == "-" else hsn,
    )
