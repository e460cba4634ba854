"""A buyer's orders as lists tell of them, a page at a time."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer
from sqlmodel import bindparam, col, select

from checkout_app.auth import tokens
from checkout_app.auth.tokens import Claims
from checkout_app.core import database, ids
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderStatus, api_status


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


_OF_BUYER: Final[Statement[tuple[Any, ...]]] = Statement(
    select(*(getattr(Order, name) for name in Listed._fields))
    .where(Order.buyer_id == bindparam("user"), Order.id < bindparam("cursor"), tokens.SIGNED_IN)
    .order_by(col(Order.id).desc())
    .limit(bindparam("limit", type_=Integer))
)


async def list_orders(buyer: Claims, *, cursor: str | None = None, limit: int = 20) -> Page[Listed]:
    """List the buyer's own orders, newest first; the cursor is the last id of the page before. Raises InvalidToken."""
    place = {"cursor": cursor or ids.LAST_ID, "limit": limit + 1}
    async with database.ask() as session:
        rows = [Listed._make(row) for row in await session.exec(_OF_BUYER, **place, **buyer.asking())]
    if not rows:
        await tokens.confirm(buyer)
    return page_of(rows, limit, [row.id for row in rows])
