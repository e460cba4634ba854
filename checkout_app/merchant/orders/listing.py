"""The shop's orders as its people see them: saved views, and a search within each, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer
from sqlmodel import and_, bindparam, col, exists, func, or_, select, text, true, union_all

from checkout_app.catalog.models import Product
from checkout_app.core import clock, database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.orm import spelled_out
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal.models import Issue, Subject
from checkout_app.merchant.orders import search as searching
from checkout_app.merchant.orders.search import BUYERS, SIFTED, Shape, Sought
from checkout_app.orders.models import REFUNDED, UNSENT, Order, OrderLine, Stock
from checkout_app.orders.moves import OrderPayment, OrderState, OrderStatus, api_status
from checkout_app.payments.models import Refund
from checkout_app.payments.statuses import ACCEPTED

REACH: Final = 20_000
"""So many orders are looked through for one page of what no index knows; its cursor leads on to the next."""
MOST_COUNTED: Final = 2_000
"""So many orders of a view are looked at to count it, and for one page of those to ship, each with its lines."""
MOST_FORMER: Final = 10
_DAYS: Final = (date(2000, 1, 1), date(2999, 12, 31))
"""From which day to which anything can have happened."""


class View(StrEnum):
    """The saved views, by the words of their addresses."""

    TO_SHIP = "to-ship"
    UNPAID = "unpaid"
    PAID = "paid"
    NEEDS_YOU = "needs-you"
    REFUNDED = "refunded"
    ALL = "all"


class Listed(NamedTuple):
    """An order in the shop's table; `amount` in minor units."""

    id: str
    number: str
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime
    state: str
    payment_status: str
    fulfilment_status: str
    amount: int
    currency: str
    email: str
    name: str
    town: str
    """Where its parcel goes; empty where nobody has said."""
    units: int
    first: str
    """What its first line is called."""
    waits: bool
    """Whether it waits for a person."""

    @property
    def status(self) -> OrderStatus:
        """The API's one word for where it stands."""
        return api_status(self.state, self.payment_status)


_OPEN: Final = (col(Issue.subject) == Subject.ORDER, col(Issue.resolved_at).is_(None))
_GOODS: Final = (
    select(OrderLine.id)
    .join(Product, col(Product.id) == col(OrderLine.product_id))
    .where(OrderLine.order_id == Order.id, col(Product.digital).is_(False))
    .limit(1)
    .scalar_subquery()
)
"""A line that is no file. Not by EXISTS, for which PostgreSQL reads all lines there are."""
_IS_SENT: Final = or_(col(Order.ships_to).is_not(None), _GOODS.is_not(None))
"""Of an order of which something goes in a parcel."""
_HOLDS: Final = and_(
    col(Order.stock) == spelled_out(Stock.HELD),  # as all of these do, and there is an index of it
    col(Order.state) == OrderState.OPEN,
    col(Order.payment_status).in_([OrderPayment.UNPAID, OrderPayment.CONFIRMING]),
)
_VIEWS: Final[Mapping[View, Any]] = {
    View.TO_SHIP: text(f"({UNSENT})"),
    View.UNPAID: _HOLDS,
    View.PAID: col(Order.paid_at).is_not(None),
    View.NEEDS_YOU: col(Order.id).in_(select(Issue.subject_id).where(*_OPEN)),
    View.REFUNDED: text(f"({REFUNDED})"),
    View.ALL: true(),
}
"""What holds for the orders of each, as far as an index knows it."""
_GONE_BACK: Final = select(Refund.order_id).where(
    Refund.id >= bindparam("back_from"), Refund.id < bindparam("back_until"), col(Refund.status).in_(ACCEPTED)
)
"""The orders of which money went back in a while."""
_TABLE: Final = (
    *(getattr(Order, name) for name in Listed._fields[:12]),
    Order.ships_to,
    select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == Order.id).scalar_subquery().label("units"),
    (
        select(OrderLine.name)
        .where(OrderLine.order_id == Order.id)
        .order_by(col(OrderLine.position))
        .limit(1)
        .scalar_subquery()
        .label("first")
    ),
    exists().where(col(Issue.subject_id) == col(Order.id), *_OPEN).label("waits"),
)
_FORMER: Final[Statement[tuple[Any, ...]]] = Statement(
    select(*_TABLE)
    .where(col(Order.buyer_id).in_(union_all(select(bindparam("buyer")), *BUYERS)), Order.id != bindparam("but"))
    .order_by(col(Order.id).desc())
    .limit(MOST_FORMER)
)


async def list_orders(
    view: View = View.ALL, *, search: str = "", day: date | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Listed]:
    """List the orders of a view, newest first, those that a search finds; the cursor is an id that the next are below.

    Those of a day in India were placed on it; of what is refunded, money went back on it. Of what no index knows a page
    may have less than there is place for, and still have a cursor. Raises InvalidInput.
    """
    page: Page[Listed] = Page([], None)
    for sought in searching.read(search):
        page = await _page(view, sought, span(day), cursor or ids.LAST_ID, limit)
        if page.items:
            break
    return page


async def counts() -> Mapping[View, int]:
    """Count the orders of the views in which something is to be done, up to MOST_COUNTED of each."""
    async with database.ask() as session:
        [counted] = await session.exec(_counts())
    return dict(zip((View.TO_SHIP, View.UNPAID, View.NEEDS_YOU), counted, strict=True))


async def former(order: Order) -> Sequence[Listed]:
    """List the newest other orders of who made one, or has its address by now."""
    async with database.ask() as session:
        found = await session.exec(_FORMER, buyer=order.buyer_id, email=order.email, but=order.id)
        return [_row(*values) for values in found]


def span(day: date | None) -> tuple[str, str] | None:
    """Return what the ids of a day sort between; raises InvalidInput."""
    if day is None:
        return None
    earliest, latest = _DAYS
    if not earliest <= day <= latest:
        raise InvalidInput({"day": f"Ask for a day from {earliest.year} to {latest.year}."})
    return ids.first_of(clock.beginning(day)), ids.first_of(clock.beginning(day + timedelta(days=1)))


async def _page(view: View, sought: Sought, within: tuple[str, str] | None, cursor: str, limit: int) -> Page[Listed]:
    """Return a page of what is looked for."""
    end, begin, values, is_slow = "", "", dict(sought.values), sought.shape in SIFTED
    if within and view is View.REFUNDED:
        values |= dict(zip(("back_from", "back_until"), within, strict=True))
    elif within:
        begin, cursor = within[0], min(cursor, within[1])
    if is_slow or (view is View.TO_SHIP and sought.shape is Shape.ANY):
        async with database.ask(long=is_slow) as session:
            last = (await session.exec(_end(view), cursor=cursor)).first() or ""
        end = last if last > begin else ""
    statement = _listed(view, sought.shape, len(sought.values), by_refund=len(values) > len(sought.values))
    async with database.ask(long=is_slow) as session:
        found = await session.exec(statement, cursor=cursor, end=end or begin, limit=limit + 1, **values)
        rows = [_row(*values) for values in found]
    page = page_of(rows, limit, [row.id for row in rows])
    return Page(page.items, page.next_cursor or end or None)


def _row(*values: Any) -> Listed:
    """Make a row of the table of what is asked for it: of the address only the town."""
    *shown, ships_to, units, first, waits = values
    return Listed._make([*shown, (ships_to or {}).get("town", ""), units, first, waits])


@cache
def _end(view: View) -> Statement[str]:
    """Return what finds the last order that is looked through for one page."""
    wanted = select(Order.id).where(_VIEWS[view], Order.id < bindparam("cursor")).order_by(col(Order.id).desc())
    return Statement(wanted.limit(1).offset(MOST_COUNTED if view is View.TO_SHIP else REACH))


@cache
def _listed(view: View, shape: Shape, values: int, *, by_refund: bool) -> Statement[tuple[Any, ...]]:
    """Return what finds the orders of a view by what is looked for, which is so many values."""
    wanted = select(*_TABLE).where(_VIEWS[view], Order.id < bindparam("cursor"), Order.id >= bindparam("end"))
    if view is View.TO_SHIP:
        wanted = wanted.where(_IS_SENT)
    if by_refund:
        wanted = wanted.where(col(Order.id).in_(_GONE_BACK))
    return Statement(
        wanted.where(searching.condition(shape, values))
        .order_by(col(Order.id).desc())
        .limit(bindparam("limit", type_=Integer))
    )


@cache
def _counts() -> Statement[tuple[int, int, int]]:
    """Return what counts, looking at no more orders of a view than are counted."""
    newest_first = col(Order.id).desc()
    unsent = select(_IS_SENT.label("sent")).where(_VIEWS[View.TO_SHIP]).order_by(newest_first).limit(MOST_COUNTED)
    candidates = unsent.subquery()
    held = select(Order.id).where(_HOLDS).limit(MOST_COUNTED).subquery()
    waiting = select(Issue.subject_id).where(*_OPEN).distinct().limit(MOST_COUNTED).subquery()
    return Statement(
        select(
            select(func.count()).select_from(candidates).where(candidates.c.sent).scalar_subquery(),
            select(func.count()).select_from(held).scalar_subquery(),
            select(func.count()).select_from(waiting).scalar_subquery(),
        )
    )
