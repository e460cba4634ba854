"""How the shop does today as the back office shows it: ready-made text, and drawings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.catalog.service import Low, availability
from checkout_app.core import clock
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.needs.views import NEEDS
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.orders.views import Asking
from checkout_app.merchant.products.views import PRODUCTS
from checkout_app.merchant.today import drawing
from checkout_app.merchant.today.service import MOST_LOW, Today
from checkout_app.merchant.today.sums import Day, Sum
from checkout_app.merchant.today.wording import books, others, price, sold, waits
from checkout_app.orders.timeline import IssueKind

TODAY: Final = "/merchant"
_KINDS: Final = {kind: place for place, kind in enumerate(IssueKind)}
_Of = Callable[[Sum], int]
_FIGURES: Final[tuple[tuple[str, View, _Of, bool], ...]] = (
    ("Sales", View.PAID, lambda each: each.sales, True),
    ("Orders", View.PAID, lambda each: each.orders, False),
    ("Average order", View.PAID, lambda each: each.average, True),
    ("Refunds", View.REFUNDED, lambda each: each.refunds, True),
)
"""What each is called, which orders it is of, how it comes about, and whether it is an amount."""


@dataclass(frozen=True, slots=True)
class WayView:
    """Words that lead to what they are about."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of today, what it was yesterday by this time, and a line through the last days."""

    name: str
    value: str
    before: str
    href: str
    line: str


@dataclass(frozen=True, slots=True)
class BarView:
    """The sales of a day as a bar, with what it says of itself; its place is in hundredths of the drawing."""

    left: float
    top: float
    width: float
    height: float
    words: str
    href: str
    today: bool


@dataclass(frozen=True, slots=True)
class ChartView:
    """The sales of the last days; `most` is said above its bar, which is `most_at` hundredths from the left.

    In the right half it is said to the left of that.
    """

    bars: tuple[BarView, ...]
    most: str
    most_at: float
    first: str
    last: str
    total: str


@dataclass(frozen=True, slots=True)
class DayView:
    """A day in the table below the chart."""

    day: str
    orders: str
    sales: str
    refunds: str
    href: str


@dataclass(frozen=True, slots=True)
class LowView:
    """Something of which little is left."""

    name: str
    sku: str
    left: str
    href: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """The page that the back office begins with; `sold` leads nowhere where nothing was."""

    desk: Desk
    date: str
    sold: WayView
    to_ship: WayView
    books: str
    tone: str
    figures: tuple[FigureView, ...]
    others: str
    chart: ChartView
    days: tuple[DayView, ...]
    waits: tuple[WayView, ...]
    low: tuple[LowView, ...]
    more_low: bool


def today_view(person: Identity, today: Today) -> TodayView:
    """Describe how the shop does for who looks at it."""
    tone, said = books(today)
    day = clock.day_of(today.at)
    return TodayView(
        desk=desk(person),
        date=f"{day:%A}, {clock.format_date(today.at)}",
        sold=WayView(sold(today), _path(View.PAID, day)),
        to_ship=WayView(f"{today.to_ship:,} to ship" if today.to_ship else "", Asking(View.TO_SHIP).path),
        books=said,
        tone=tone,
        figures=tuple(_figure(today, *each) for each in _FIGURES),
        others=others(today),
        chart=_chart(today.days.days),
        days=tuple(_day(each) for each in reversed(today.days.days)),
        waits=tuple(
            WayView(waits(kind, number), NEEDS)
            for kind, number in sorted(today.waiting.items(), key=lambda each: _KINDS.get(IssueKind(each[0]), 0))
        ),
        low=tuple(_low(each) for each in today.low[:MOST_LOW]),
        more_low=len(today.low) > MOST_LOW,
    )


def _path(view: View, day: date) -> str:
    return Asking(view, day=day).path


def _figure(today: Today, name: str, view: View, of: _Of, is_amount: bool) -> FigureView:  # noqa: FBT001 - of a table
    def said(value: int) -> str:
        return price(value) if is_amount else f"{value:,}"

    before = of(today.days.by_now)
    return FigureView(
        name=name,
        value=said(of(today.days.today)),
        before=f"{said(before) if before else 'None'} by this time yesterday",
        href=_path(view, today.days.days[-1].day),
        line=drawing.line([of(each.sum) for each in today.days.days]),
    )


def _chart(days: Iterable[Day]) -> ChartView:
    days = list(days)
    boxes = drawing.bars([each.sum.sales for each in days])
    most = max(range(len(days)), key=lambda place: days[place].sum.sales)
    return ChartView(
        bars=tuple(
            BarView(
                left=box.left,
                top=box.top,
                width=box.width,
                height=box.height,
                words=f"{_short(each.day)}: {price(each.sum.sales)}",
                href=_path(View.PAID, each.day),
                today=each is days[-1],
            )
            for each, box in zip(days, boxes, strict=True)
        ),
        most=f"{price(days[most].sum.sales)} on {_short(days[most].day)}",
        most_at=boxes[most].left,
        first=_short(days[0].day),
        last="Today",
        total=price(sum(each.sum.sales for each in days)) if any(each.sum.sales for each in days) else "",
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _day(each: Day) -> DayView:
    return DayView(
        day=f"{each.day:%a} {_short(each.day)}",
        orders=f"{each.sum.orders:,}",
        sales=price(each.sum.sales),
        refunds=price(each.sum.refunds) if each.sum.refunds else "",
        href=_path(View.PAID, each.day),
    )


def _low(low: Low) -> LowView:
    return LowView(
        low.name, low.sku, availability(low.left, digital=False, back_in=None), f"{PRODUCTS}/{low.product_id}"
    )
