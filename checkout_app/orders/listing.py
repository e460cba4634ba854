"""A buyer's orders as lists tell of them, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer
from sqlmodel import bindparam, col, exists, or_, select, union_all

from checkout_app.accounts.visits import GUESTS
from checkout_app.auth import tokens
from checkout_app.auth.tokens import Claims
from checkout_app.core import clock, database, ids
from checkout_app.core.orm import spelled_out
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import OrderPayment, OrderStatus, api_status

LATELY: Final = timedelta(hours=1)
"""For so long somebody who looks at what they bought is told that they have bought it."""


class Listed(NamedTuple):
    """An order in a list; `amount` in minor units."""

    id: str
    state: str
    payment_status: str
    amount: int
    currency: str
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime

    @property
    def status(self) -> OrderStatus:
        """The API's one word for where it stands."""
        return api_status(self.state, self.payment_status)


_LISTED: Final[Any] = select(*(getattr(Order, name) for name in Listed._fields)).where(
    Order.id < bindparam("cursor"), tokens.SIGNED_IN
)
_LIMIT: Final = bindparam("limit", type_=Integer)


def _newest(whose: Any) -> Any:
    return _LISTED.where(whose).order_by(col(Order.id).desc()).limit(_LIMIT).subquery().select()


_THEIRS: Final = union_all(
    _newest(col(Order.buyer_id) == bindparam("user")), _newest(col(Order.buyer_id).in_(GUESTS))
).subquery()
"""As many as are wanted of each: by one condition for both, PostgreSQL reads all that somebody ever ordered."""
_OF_BUYER: Final = Statement[tuple[Any, ...]](_THEIRS.select().order_by(_THEIRS.c.id.desc()).limit(_LIMIT))
_WAITS = exists().where(
    col(Issue.subject) == Subject.ORDER,
    col(Issue.subject_id) == col(OrderLine.order_id),
    col(Issue.resolved_at).is_(None),
)
_CONTENTS: Final[Statement[tuple[OrderLine, bool]]] = Statement(
    select(OrderLine, _WAITS)
    .where(col(OrderLine.order_id).in_(bindparam("orders", expanding=True)))
    .order_by(col(OrderLine.position))
)

_JUST_BOUGHT: Final = Statement[str](
    select(Order.id)
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .where(
        Order.buyer_id == bindparam("buyer"),
        col(Order.paid_at) > bindparam("since"),
        col(Order.payment_status) == spelled_out(OrderPayment.PAID),
        or_(*(col(of) == bindparam("name") for of in (OrderLine.variant_id, OrderLine.product_id, OrderLine.slug))),
    )
    .order_by(col(Order.id).desc())
    .limit(1)
)


async def list_orders(buyer: Claims, *, cursor: str | None = None, limit: int = 20) -> Page[Listed]:
    """List the buyer's orders, newest first, with those of visits as a guest that are theirs by now.

    The cursor is the last id of the page before. Raises InvalidToken.
    """
    place = {"cursor": cursor or ids.LAST_ID, "limit": limit + 1}
    async with database.ask() as session:
        rows = [Listed._make(row) for row in await session.exec(_OF_BUYER, **place, **buyer.asking())]
    if not rows:
        await tokens.confirm(buyer)
    return page_of(rows, limit, [row.id for row in rows])


async def contents(session: Session, order_ids: Sequence[str]) -> tuple[Mapping[str, Sequence[OrderLine]], set[str]]:
    """Return the lines of some orders, by order, and which of those orders wait for a person."""
    lines: dict[str, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    waiting: set[str] = set()
    for line, waits in await session.exec(_CONTENTS, orders=list(order_ids)):
        lines[line.order_id].append(line)
        if waits:
            waiting.add(line.order_id)
    return lines, waiting


async def just_bought(buyer: Claims, name: str) -> str | None:
    """Name the order by which a buyer has just bought something, a variant by its id or a product by its id or slug.

    None when there is none.
    """
    async with database.ask() as session:
        since = clock.now() - LATELY
        return (await session.exec(_JUST_BOUGHT, buyer=buyer.user_id, name=name, since=since)).first()
