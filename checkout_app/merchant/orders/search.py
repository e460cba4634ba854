"""Finding orders by whatever somebody types: what it looks like decides where it is looked for."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, false, literal
from sqlmodel import and_, col, func, or_, select, union_all

from checkout_app.auth.models import Role, User
from checkout_app.core import ids
from checkout_app.core.orm import spelled_out
from checkout_app.orders.models import Order
from checkout_app.payments.models import GatewayOrder, Payment, Refund

LONGEST_SEARCH: Final = 80
_APART: Final = re.compile(r"[\s().-]+")
_AS_PRINTED: Final = re.compile(r"[0-9A-Za-z]{4}-[0-9A-Za-z]{4}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Z]{8}", re.ASCII)
_PHONE: Final = re.compile(r"(?:\+?91|0)?([6-9][0-9]{9})", re.ASCII)
_RUPEES: Final = re.compile(r"(?:₹|Rs\.?|INR)?\s*([0-9][0-9,]{0,11}(?:\.[0-9]{1,2})?)", re.IGNORECASE | re.ASCII)
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_GATEWAY_ID: Final = re.compile(r"(?P<kind>pay|order|rfnd)_[0-9A-Za-z]{8,30}", re.ASCII)


def found_by(typed: str) -> ColumnElement[bool]:
    """Return the condition that an order meets which somebody may mean; nothing at all where nobody could mean any."""
    text = typed.strip()
    if not text.isprintable() or len(text) > LONGEST_SEARCH:
        return false()
    if gateway_id := _GATEWAY_ID.fullmatch(text):
        return _at_the_gateway(gateway_id["kind"], text)
    if _AS_PRINTED.fullmatch(text):
        return col(Order.number) == text.upper()
    if _EMAIL.fullmatch(text):
        return of_buyers_at(text.lower())
    return or_(*_by_figures(text), and_(*map(_contains, text.lower().split())))


def _by_figures(text: str) -> Iterator[ColumnElement[bool]]:
    """Yield what the figures in it may be: a number, an id, a telephone, an amount."""
    plain = _APART.sub("", text)
    if _NUMBER.fullmatch(plain.upper()):
        yield col(Order.number) == f"{plain[:4]}-{plain[4:]}".upper()
    if len(plain) == ids.ID_LENGTH and plain.isalnum() and plain.isascii():
        yield col(Order.id) == plain.upper()
    if phone := _PHONE.fullmatch(plain):
        yield cast(col(Order.ships_to), String).contains(f"+91{phone[1]}", autoescape=True)
    if rupees := _RUPEES.fullmatch(text):
        yield col(Order.amount) == int(Decimal(rupees[1].replace(",", "")) * 100)


def _at_the_gateway(kind: str, gateway_id: str) -> ColumnElement[bool]:
    sources: dict[str, Any] = {
        "pay": select(Payment.order_id).where(Payment.id == gateway_id),
        "order": select(GatewayOrder.order_id).where(GatewayOrder.id == gateway_id),
        "rfnd": select(Refund.order_id).where(Refund.gateway_refund_id == gateway_id),
    }
    return col(Order.id).in_(sources[kind])


def of_buyers_at(email: str, *others: str) -> ColumnElement[bool]:
    """Return the condition of orders whose buyer has an e-mail address, or is one of the `others`, by their ids.

    Guests and accounts each have an index of their own.
    """
    guest, them = spelled_out(Role.GUEST), select(User.id).where(User.email == email)
    also = (select(literal(buyer)) for buyer in others)
    return col(Order.buyer_id).in_(
        union_all(them.where(col(User.role) == guest), them.where(col(User.role) != guest), *also)
    )


def _contains(word: str) -> ColumnElement[bool]:
    return or_(*(func.lower(column).contains(word, autoescape=True) for column in (col(Order.name), col(Order.email))))
