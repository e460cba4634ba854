"""What somebody types to find orders: its shape says what it is, and by what it is looked up."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Text
from sqlmodel import and_, bindparam, cast, col, func, or_, select, true, union_all

from checkout_app.auth.models import Role, User
from checkout_app.core import ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.core.orm import spelled_out
from checkout_app.core.text import Unfit, one_line
from checkout_app.delivery.address import mobile
from checkout_app.orders.models import Order
from checkout_app.payments.models import GatewayOrder, Payment

LONGEST_SEARCH: Final = 80
_ESCAPE: Final = "/"
_ESCAPED: Final = rf"{_ESCAPE}\1"
_SPECIAL: Final = re.compile(f"([{_ESCAPE}%_])")
_SPOKEN: Final = "0-9A-HJKMNP-TV-Z"
_ID: Final = re.compile(f"[{_SPOKEN}]{{{ids.ID_LENGTH}}}")
_NUMBER: Final = re.compile(f"#?([{_SPOKEN}]{{4}})([{_SPOKEN}]{{4}})")
_APART: Final = re.compile(r"[\s\u2010-\u2015-]+")
_PAYMENT: Final = re.compile(r"pay_[A-Za-z0-9]+")
_GATEWAY_ORDER: Final = re.compile(r"order_[A-Za-z0-9]+")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_AMOUNT: Final = re.compile(r"(?:₹|rs\.?|inr)? ?([0-9][0-9,]*(?:\.[0-9]{1,2})?)", re.ASCII | re.IGNORECASE)


class Shape(StrEnum):
    """What the typed is taken for."""

    ANY = "any"
    ID = "id"
    NUMBER = "number"
    PAYMENT = "payment"
    GATEWAY_ORDER = "gateway_order"
    EMAIL = "email"
    PHONE = "phone"
    AMOUNT = "amount"
    WORDS = "words"


SIFTED: Final = frozenset({Shape.PHONE, Shape.AMOUNT, Shape.WORDS})
"""What no index knows: the orders themselves are looked through."""


class Sought(NamedTuple):
    """What is looked for, with the values of its condition."""

    shape: Shape
    values: Mapping[str, Any]


EVERYTHING: Final = Sought(Shape.ANY, {})
BUYERS: Final = (
    select(User.id).where(col(User.email) == bindparam("email"), col(User.role) == spelled_out(Role.GUEST)),
    select(User.id).where(col(User.email) == bindparam("email"), col(User.role) != spelled_out(Role.GUEST)),
)
"""Who has the address `email`: guests and accounts, each by an index of their own."""
_CONDITIONS: Final[Mapping[Shape, Any]] = {
    Shape.ANY: true(),
    Shape.ID: col(Order.id) == bindparam("id"),
    Shape.NUMBER: col(Order.number) == bindparam("number"),
    Shape.PAYMENT: col(Order.id).in_(select(Payment.order_id).where(Payment.id == bindparam("payment"))),
    Shape.GATEWAY_ORDER: col(Order.id).in_(
        select(GatewayOrder.order_id).where(GatewayOrder.id == bindparam("gateway_order"))
    ),
    Shape.EMAIL: col(Order.buyer_id).in_(union_all(*BUYERS)),
    Shape.PHONE: cast(Order.ships_to, Text).like(bindparam("phone")),
    Shape.AMOUNT: col(Order.amount) == bindparam("amount"),
}
"""What holds for an order that is looked for, but by words."""


def read(typed: str) -> Sequence[Sought]:
    """Return what the typed may mean, in the order in which it is tried until something is found; raises InvalidInput.

    What an index can tell comes first, and words last: eight letters are an order's number or somebody's name.
    """
    try:
        text = one_line(typed, LONGEST_SEARCH)
    except Unfit as error:
        raise InvalidInput({"search": f"Search for at most {LONGEST_SEARCH} ordinary characters."}) from error
    if not text:
        return [EVERYTHING]
    if exact := _exact(text):
        return [exact]
    if phone := mobile(text):
        return [Sought(Shape.PHONE, {"phone": f'%"{phone}"%'})]
    if (amount := _amount(text)) is not None:
        return [Sought(Shape.AMOUNT, {"amount": amount})]
    words = list(dict.fromkeys(text.lower().split()))
    patterns = [f"%{_SPECIAL.sub(_ESCAPED, word)}%" for word in words]
    return [*_perhaps(text), Sought(Shape.WORDS, dict(zip(_names(len(words)), patterns, strict=True)))]


def condition(shape: Shape, values: int) -> Any:
    """Return what holds for an order that is looked for, which is so many values."""
    return _CONDITIONS[shape] if shape is not Shape.WORDS else and_(*map(_has_word, _names(values)))


def _exact(text: str) -> Sought | None:
    """Take the typed for an id, which looks like nothing else."""
    if _ID.fullmatch(text.upper()):
        return Sought(Shape.ID, {"id": text.upper()})
    if _PAYMENT.fullmatch(text):
        return Sought(Shape.PAYMENT, {"payment": text})
    return Sought(Shape.GATEWAY_ORDER, {"gateway_order": text}) if _GATEWAY_ORDER.fullmatch(text) else None


def _perhaps(text: str) -> list[Sought]:
    """Take the typed for an order's number or an address; either may be part of somebody's name or address too."""
    if number := _NUMBER.fullmatch(_APART.sub("", text.upper())):
        return [Sought(Shape.NUMBER, {"number": f"{number[1]}-{number[2]}"})]
    return [Sought(Shape.EMAIL, {"email": text.lower()})] if _EMAIL.fullmatch(text) else []


def _amount(text: str) -> int | None:
    """Take the typed for rupees; None when no order can cost as much."""
    if not (found := _AMOUNT.fullmatch(text)):
        return None
    paise = int(Decimal(found[1].replace(",", "")).scaleb(2))
    return paise if 0 < paise <= LARGEST_AMOUNT else None


def _names(words: int) -> list[str]:
    return [f"word{place}" for place in range(words)]


def _has_word(name: str) -> Any:
    texts = (func.lower(col(Order.name)), func.lower(col(Order.email)))
    return or_(*(text.like(bindparam(name), escape=_ESCAPE) for text in texts))
