"""The server actions of the list of orders."""

from collections.abc import Sequence

import reflex as rx
from reflex.event import EventSpec
from typing_extensions import override

from checkout_app.auth.callers import Caller
from checkout_app.buyer.orders.views import StatementLine, statement_line
from checkout_app.core import database
from checkout_app.orders import listing
from checkout_app.orders.errors import OrderNotFound
from checkout_app.ui.visitor import Visitor, open_to


class OrdersState(Visitor):
    """What the list of orders shows."""

    items: rx.Field[list[StatementLine]] = rx.field(default_factory=list)
    loaded: bool = False
    more: bool = False
    unmatched: bool = False
    """Whether they come from a payment that Razorpay told of and that no order is known to be for."""
    _cursor: str = ""

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def load(self) -> EventSpec | None:
        """Load the buyer's newest orders."""
        self._set(unmatched=self._is_unmatched())
        return await self._list([], "")

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def show_older(self) -> EventSpec | None:
        """Load the next older orders."""
        return await self._list(self.get_value("items"), self._cursor) if self._cursor else None

    async def _list(self, newer: Sequence[StatementLine], cursor: str) -> EventSpec | None:
        """Show the orders after a cursor below those that are newer."""
        identity = await self._identity()
        if identity is None:
            return self._turn_away()
        page = await listing.list_orders(identity, cursor=cursor or None)
        async with database.ask() as session:
            lines, waiting = await listing.contents(session, [order.id for order in page.items])
        older = [statement_line(order, lines[order.id], waits=order.id in waiting) for order in page.items]
        self._cursor = page.next_cursor or ""
        self._set(items=[*newer, *older], more=bool(self._cursor), loaded=True)
        return None

    def _is_unmatched(self) -> bool:
        return self.router.url.query_parameters.get("problem") == OrderNotFound.code

    @override
    def _turn_away(self) -> EventSpec:
        """Send a stranger to sign in, and show them none of the orders that were shown before."""
        self._set(items=[], more=False, loaded=False)
        return self._to_login(f"/orders?problem={OrderNotFound.code}" if self._is_unmatched() else "/orders")
