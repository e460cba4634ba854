"""The shop's orders in the views that its people go through, a page at a time, the newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, text, true
from sqlmodel import col, func, select

from checkout_app.core import database, ids
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.delivery.address import PostalAddress
from checkout_app.journal.models import Issue, Subject
from checkout_app.merchant.orders.search import found_by, of_buyers_at
from checkout_app.orders.models import REFUNDED, TO_SHIP, UNPAID, Order, OrderLine
from checkout_app.orders.moves import OrderStatus, api_status

PAGE: Final = 50
_MOST_FORMER: Final = 10


class View(StrEnum):
    """A saved view, by its word in the address."""

    TO_SHIP = "to-ship"
    """Paid, and not all of it is on its way."""
    UNPAID = "unpaid"
    NEEDS_YOU = "needs-you"
    """Something about it waits for a person."""
    REFUNDED = "refunded"
    """At least part of its money went back, or is to."""
    ALL = "all"


class Listed(NamedTuple):
    """An order in a list; `amount` in minor units, `town` empty of one that goes nowhere."""

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
    ships_to: dict[str, str] | None
    lines: int
    first: str
    first_units: int
    waits: bool

    @property
    def status(self) -> OrderStatus:
        """The API's one word for where it stands."""
        return api_status(self.state, self.payment_status)

    @property
    def town(self) -> str:
        """Where it goes; empty of one that goes nowhere."""
        return PostalAddress.of(self.ships_to).town if self.ships_to else ""


_OPEN: Final = (col(Issue.subject) == Subject.ORDER, col(Issue.resolved_at).is_(None))
_WAITS: Final = select(Issue.id).where(*_OPEN, col(Issue.subject_id) == col(Order.id)).exists()
_LINES: Final = select(func.count(col(OrderLine.id))).where(OrderLine.order_id == Order.id).scalar_subquery()


def _of_first(column: Any) -> Any:
    its = select(column).where(OrderLine.order_id == Order.id).order_by(col(OrderLine.position)).limit(1)
    return its.scalar_subquery()


_COLUMNS: Final[Sequence[Any]] = (
    *(getattr(Order, name) for name in Listed._fields[:-4]),
    _LINES.label("lines"),
    _of_first(OrderLine.name).label("first"),
    _of_first(OrderLine.quantity).label("first_units"),
    _WAITS.label("waits"),
)
_VIEWS: Final[Mapping[View, ColumnElement[bool]]] = {
    View.TO_SHIP: text(TO_SHIP),  # type: ignore[dict-item]  # as the index has it
    View.UNPAID: text(UNPAID),  # type: ignore[dict-item]
    View.NEEDS_YOU: col(Order.id).in_(select(Issue.subject_id).where(*_OPEN)),
    View.REFUNDED: text(REFUNDED),  # type: ignore[dict-item]
    View.ALL: true(),
}
_COUNTED: Final = (View.TO_SHIP, View.UNPAID, View.NEEDS_YOU)
"""What somebody has to do something about, so that there are few."""
_COUNTS: Final = Statement[Any](
    select(*(select(func.count(col(Order.id))).where(_VIEWS[view]).scalar_subquery() for view in _COUNTED))
)


async def list_orders(
    view: View = View.ALL, *, search: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[Listed]:
    """List the orders of a view, those alone that somebody may mean by `search`.

    The cursor is the last id of the page before.
    """
    before = Order.id < (cursor or ids.LAST_ID)
    asked = select(*_COLUMNS).where(_VIEWS[view], before).order_by(col(Order.id).desc()).limit(limit + 1)
    if search.strip():
        asked = asked.where(found_by(search))
    async with database.ask() as session:
        rows = [Listed._make(row) for row in await session.exec(asked)]
    return page_of(rows, limit, [row.id for row in rows])


async def counts() -> Mapping[View, int]:
    """Count the orders of those views in which there is something to do."""
    async with database.ask() as session:
        return dict(zip(_COUNTED, (await session.exec(_COUNTS)).one(), strict=True))


async def former(session: Session, order: Order) -> Sequence[Listed]:
    """List the other orders of an order's buyer, and those made with the same address, the newest first."""
    theirs = of_buyers_at(order.email, order.buyer_id)
    asked = select(*_COLUMNS).where(theirs, Order.id != order.id).order_by(col(Order.id).desc()).limit(_MOST_FORMER)
    return [Listed._make(row) for row in await session.exec(asked)]
