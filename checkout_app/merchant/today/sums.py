"""What was sold and given back on the last days in India, added up by the database.

A sale counts on the day on which its order was placed, as the list of orders has it, once it is paid. So what is
added up is a stretch of ids, however many orders there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import bindparam, case, col, func, literal, select, union_all

from checkout_app.core import clock, database, ids
from checkout_app.core.days import DayInIndia
from checkout_app.core.statements import Statement
from checkout_app.orders.models import Order
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import ACCEPTED, Purpose

DAYS: Final = 30
"""Today and so many before it, but one, are shown."""
CURRENCY: Final = "INR"
"""In which is added up; what was sold in another is only counted."""


class Sum(NamedTuple):
    """What was sold, by so many orders, and what went back; amounts in minor units."""

    orders: int = 0
    sales: int = 0
    refunds: int = 0

    @property
    def average(self) -> int:
        """What an order came to on average."""
        return self.sales // self.orders if self.orders else 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day in India, and what it came to."""

    day: date
    sum: Sum


@dataclass(frozen=True, slots=True)
class Days:
    """The last days, the oldest first and today last; what yesterday came to until this time of day."""

    days: Sequence[Day]
    by_now: Sum
    others: Mapping[str, int]
    """How many orders were paid in another currency, by that."""

    @property
    def today(self) -> Sum:
        """What today has come to so far."""
        return self.days[-1].sum

    @property
    def orders(self) -> int:
        """How many orders of these days are paid."""
        return sum(each.sum.orders for each in self.days) + sum(self.others.values())


_SOLD, _BACK = "sold", "back"


class _Figures(NamedTuple):
    """How much there was on a day and what it came to, and the same until a time of day."""

    number: int = 0
    amount: int = 0
    number_by_now: int = 0
    amount_by_now: int = 0


def _by_day(what: str, created_at: Any, currency: Any, amount: Any) -> Any:
    """Return what adds up the rows of a table by day."""
    early = created_at < bindparam("by_now")
    told = {
        "what": literal(what),
        "day": DayInIndia(created_at),
        "currency": currency,
        "number": func.count(),
        "amount": func.sum(amount),
        "number_by_now": func.sum(case((early, 1), else_=0)),
        "amount_by_now": func.sum(case((early, amount), else_=0)),
    }
    columns = [each.label(name) for name, each in told.items()]
    return select(*columns).group_by(told["day"], currency)


_LATELY: Final = (
    select(col(Refund.created_at), col(Refund.currency), col(Refund.amount), col(Refund.payment_id))
    .where(Refund.id >= bindparam("since"), col(Refund.status).in_(ACCEPTED))
    .cte("lately")
    .prefix_with("MATERIALIZED")
)
"""Found before their payments are looked for: PostgreSQL would read all refunds, to share that out among processes."""
_ADDED: Final = union_all(
    _by_day(_SOLD, col(Order.created_at), col(Order.currency), col(Order.amount)).where(
        Order.id >= bindparam("since"), col(Order.paid_at).is_not(None)
    ),
    _by_day(_BACK, _LATELY.c.created_at, _LATELY.c.currency, _LATELY.c.amount)
    .join(Payment, col(Payment.id) == _LATELY.c.payment_id)
    .where(col(Payment.purpose) == Purpose.ORDER.value),
).subquery()
"""What went back is of what paid an order: money that never was the shop's is no sale that goes back."""
_SUMS: Final = Statement[tuple[Any, ...]](select(*_ADDED.c))


async def add_up(now: datetime) -> Days:
    """Add up the last days until a moment."""
    today = clock.day_of(now)
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    since = ids.first_of(clock.beginning(days[0]))
    async with database.ask(long=True) as session:
        rows = (await session.exec(_SUMS, since=since, by_now=now - timedelta(days=1))).all()
    figures: dict[str, dict[str, _Figures]] = {_SOLD: {}, _BACK: {}}
    others: dict[str, int] = {}
    for what, day, currency, *said in rows:
        if currency == CURRENCY:
            figures[what][day] = _Figures(*map(int, said))
        elif what == _SOLD:
            others[currency] = others.get(currency, 0) + said[0]
    told = [[figures[what].get(str(day), _Figures()) for what in (_SOLD, _BACK)] for day in days]
    yesterday, went_back = told[-2]
    return Days(
        days=[
            Day(day, Sum(sold.number, sold.amount, back.amount)) for day, (sold, back) in zip(days, told, strict=True)
        ],
        by_now=Sum(yesterday.number_by_now, yesterday.amount_by_now, went_back.amount_by_now),
        others=others,
    )
