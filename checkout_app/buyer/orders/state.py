"""The server actions of the list of orders."""

import reflex as rx
from reflex.event import EventSpec

from checkout_app.buyer.orders.views import StatementLine, statement_line
from checkout_app.core import database
from checkout_app.orders import service
from checkout_app.ui.visitor import Visitor


class OrdersState(Visitor):
    """What the list of orders shows."""

    items: rx.Field[list[StatementLine]] = rx.field(default_factory=list)
    loaded: bool = False
    more: bool = False
    _cursor: str = ""

    @rx.event
    async def load(self) -> EventSpec | None:
        """Load the buyer's newest orders."""
        self.items, self._cursor = [], ""
        return await self._append()

    @rx.event
    async def show_older(self) -> EventSpec | None:
        """Load the next older orders."""
        return await self._append() if self._cursor else None

    async def _append(self) -> EventSpec | None:
        identity = await self._identity()
        if identity is None:
            return self._to_login("/orders")
        page = await service.list_orders(identity, cursor=self._cursor or None)
        async with database.read() as session:
            order_ids = [order.id for order in page.items]
            lines, waiting = await service.lines_of(session, order_ids), await service.waiting(session, order_ids)
        self.items += [statement_line(order, lines[order.id], waits=order.id in waiting) for order in page.items]
        self._cursor = page.next_cursor or ""
        self.more, self.loaded = bool(self._cursor), True
        return None
