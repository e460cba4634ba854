"""The server actions of the list of orders and of one order's page."""

import asyncio
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.accounts.tokens import Identity
from checkout_app.core import database
from checkout_app.core.errors import GatewayUnavailable, OrderNotFound, PaymentVerificationFailed, ShopError
from checkout_app.orders import service
from checkout_app.orders.models import Order
from checkout_app.orders.record import gather
from checkout_app.orders.views import NO_ORDER, OrderView, StatementLine, order_view, statement_line
from checkout_app.payments import settle
from checkout_app.web import guard
from checkout_app.web.visitor import Visitor

UNSETTLED = ("confirming", "unpaid", "failed")
PAUSES = (*(2.0,) * 15, *(5.0,) * 24, *(15.0,) * 30)
"""Seconds between two looks at an order that is being confirmed: ten minutes in all, then the reconciler has it."""


class OrdersState(Visitor):
    """What the list of orders shows."""

    items: rx.Field[list[StatementLine]] = rx.field(default_factory=list)
    loaded: bool = False
    more: bool = False
    _cursor: str = ""

    @rx.event
    async def open_orders(self) -> EventSpec | None:
        """Show the newest orders of whoever asks."""
        self.items, self._cursor = [], ""
        return await self._append()

    @rx.event
    async def show_older(self) -> EventSpec | None:
        """Add the next older ones."""
        return await self._append() if self._cursor else None

    async def _append(self) -> EventSpec | None:
        identity = await self._identity()
        if identity is None:
            return self._to_login("/orders")
        async with database.read() as session:
            page = await service.list_orders(session, identity, cursor=self._cursor or None)
            lines = [await service.lines(session, order.id) for order in page.items]
        self.items += [statement_line(order, of_it) for order, of_it in zip(page.items, lines, strict=True)]
        self._cursor = page.next_cursor or ""
        self.more, self.loaded = bool(self._cursor), True
        return None


class OrderState(Visitor):
    """What one order's page shows. Everything comes from the books each time, so a lost message loses nothing."""

    order: OrderView = NO_ORDER
    missing: str = ""
    """The id under which there is no order for the visitor, if that is what was found."""
    own: bool = False
    """Whether the visitor is its buyer, who can pay or cancel it; the holder of its link can only look."""
    notice: str = ""
    _visit: int = 0

    @rx.event
    async def open_order(self) -> list[Any]:
        """Show the order of this URL; as long as it is not settled, ask the gateway about it as well."""
        identity = await self._identity()
        if identity is None and not self._key():
            return [self._to_login(f"/orders/{self._id()}")]
        if self._id() != self.order["id"]:
            self.order, self.notice = NO_ORDER, ""
        if self.router.url.query_parameters.get("problem"):
            self.notice = PaymentVerificationFailed.sentence
        await self._show(identity, asked=False)
        return [OrderState.watch] if self.order["face"] in UNSETTLED else []

    @rx.event(background=True)
    async def watch(self) -> None:
        """Ask the gateway about an unsettled order, and again for a while as long as it is being confirmed."""
        async with self:
            self._visit += 1
            visit, order_id = self._visit, self.order["id"]
        for pause in PAUSES if order_id else ():
            asked = await _ask_gateway(order_id)
            async with self:
                if visit != self._visit or order_id != self._id():
                    return  # they came again or went elsewhere
                await self._show(await self._identity(), asked=asked)
                if self.order["face"] != "confirming":
                    return
            await asyncio.sleep(pause)

    @rx.event
    async def cancel_order(self) -> EventSpec | None:
        """Give up the order of this URL, unless money may be on its way already."""
        identity = await self._identity()
        if identity is None:
            return self._to_login(f"/orders/{self._id()}")
        try:
            async with database.write() as session:
                await service.cancel(session, self._id(), identity)
        except ShopError as error:
            self.notice = guard.message(error)["text"]
        await self._show(identity, asked=False)
        return None

    def _id(self) -> str:
        """Return the id in the URL, whatever else it may be."""
        return self.router.url.path.rstrip("/").rpartition("/")[2][:40]

    def _key(self) -> str:
        """Return the key of the signed link that led here, if one did."""
        return self.router.url.query_parameters.get("key", "")[:64]

    async def _show(self, identity: Identity | None, *, asked: bool) -> None:
        """Show the order to its buyer, or to whoever holds its signed link; to anybody else there is none."""
        try:
            async with database.read() as session:
                order = await self._find(session, identity)
                record = await gather(session, order, asked=asked)
        except OrderNotFound:
            self.order, self.missing, self.own = NO_ORDER, self._id(), False
            return
        self.own = identity is not None and identity.user_id == order.buyer_id
        self.order, self.missing = order_view(record), ""

    async def _find(self, session: AsyncSession, identity: Identity | None) -> Order:
        if self._key():
            return await service.get_order_by_link(session, self._id(), self._key())
        if identity is None:
            raise OrderNotFound
        return await service.get_order(session, self._id(), identity)


async def _ask_gateway(order_id: str) -> bool:
    """Settle what the gateway knows of an order; False when it does not answer, which the page then says nothing of."""
    try:
        await settle.refresh(order_id)
    except GatewayUnavailable:
        return False
    return True
