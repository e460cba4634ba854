"""How the shop does today over HTTP, for its people."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.buyer.bodies import FromRow
from checkout_app.merchant.today.service import MOST_LOW, Today, look
from checkout_app.merchant.today.sums import CURRENCY, Day

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


class SumBody(FromRow):
    """What so many orders came to, and what went back, in minor units."""

    orders: int
    sales: int
    refunds: int
    average: int


class DayBody(SumBody):
    """The same of a day in India: a sale counts on the day on which its order was placed, once it is paid."""

    day: date

    @classmethod
    def of(cls, each: Day) -> Self:
        """Describe one."""
        return cls(day=each.day, **SumBody.model_validate(each.sum).model_dump())


class LowBody(FromRow):
    """A variant on sale of which few units are left."""

    product_id: str
    slug: str
    name: str
    sku: str
    left: int


class BooksBody(BaseModel):
    """What the last look over the books found: the rules that do not hold; `at` is null before the first look."""

    at: datetime | None
    violations: list[str]


class TodayBody(BaseModel):
    """How the shop does: the last days, today last, and yesterday until this time of day.

    `others` counts orders in other currencies, which are in no sum; `waiting` what waits for a person, by its kind.
    """

    at: datetime
    currency: str
    days: list[DayBody]
    by_now: SumBody
    others: dict[str, int]
    to_ship: int
    waiting: dict[str, int]
    low: Sequence[LowBody]
    books: BooksBody

    @classmethod
    def of(cls, today: Today) -> Self:
        """Describe it."""
        look = today.books
        return cls(
            at=today.at,
            currency=CURRENCY,
            days=[DayBody.of(each) for each in today.days.days],
            by_now=SumBody.model_validate(today.days.by_now),
            others=dict(today.days.others),
            to_ship=today.to_ship,
            waiting=dict(today.waiting),
            low=[LowBody.model_validate(each) for each in today.low[:MOST_LOW]],
            books=BooksBody(at=look.at, violations=sorted({violation.rule for violation in look.violations})),
        )


@router.get("/today", **guard.open_to(Caller.SHOP))
async def get_today() -> TodayBody:
    """Say how the shop does: what was sold on the last 30 days, what waits, what runs low, and how the books stand."""
    return TodayBody.of(await look())
