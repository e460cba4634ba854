"""Which orders the rules of the books are asked about: all, or those where something may have changed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select, true, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import col

from checkout_app.core.orm import spelled_out
from checkout_app.orders.models import Order, Stock
from checkout_app.payments.models import Payment

Where = Callable[[Mapped[str]], ColumnElement[bool]]
"""Says, of the column that holds an order's id, which orders are looked at."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which orders are looked at, and the values of what says so: a rule has one statement for each `where`."""

    where: Where
    values: Mapping[str, Any] = field(default_factory=dict)


EVERYTHING: Final = Scope(lambda _: true())
"""Every order there is."""


def lately(since: datetime, besides: Collection[str] = ()) -> Scope:
    """Look at the orders that changed since a moment, those that hold units, and some others."""
    return Scope(_is_recent, {"since": since, "besides": list(besides)})


def _is_recent(order_id: Mapped[str]) -> ColumnElement[bool]:
    changed = union_all(  # each is looked up but once; for a UNION newer SQLites read all orders, by id
        select(col(Order.id)).where(col(Order.updated_at) >= bindparam("since")),
        select(col(Payment.order_id)).where(col(Payment.updated_at) >= bindparam("since")),
        select(col(Order.id)).where(is_held()),
        select(col(Order.id)).where(col(Order.id).in_(bindparam("besides", expanding=True))),
    )
    return order_id.in_(changed)


def is_held() -> ColumnElement[bool]:
    """Say of an order that it holds units."""
    return col(Order.stock) == spelled_out(Stock.HELD)
