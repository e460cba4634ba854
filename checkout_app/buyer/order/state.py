"""The server actions of one order's page."""

import asyncio
from contextlib import suppress
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.order.views import GOES_ON, OrderView, order_view
from checkout_app.core import database
from checkout_app.core.errors import ShopError
from checkout_app.core.session import Session
from checkout_app.orders import files, looking, service
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.orders.promises import terms_of
from checkout_app.orders.timeline import Reader
from checkout_app.payments import service as payments
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.record import gather
from checkout_app.seller.service import Terms
from checkout_app.ui.visitor import Visitor, open_to

UNSETTLED = ("confirming", "unpaid", "failed")
PAUSES = (*(2.0,) * 15, *(5.0,) * 24, *(15.0,) * 30)
"""Seconds between two looks at an order that is being confirmed: ten minutes in all, then the reconciler has it."""


class OrderState(Visitor):
    """What one order's page shows. Everything comes from the books each time, so a lost message loses nothing."""

    order: OrderView = OrderView()
    missing: str = ""
    """The id under which there is no order for the visitor, if that is what was found."""
    own: bool = False
    """Whether the visitor is its buyer, who can pay or cancel it; the holder of its link can only look."""
    notice: str = ""
    _visit: int = 0

    @rx.event
    @open_to(Caller.LINK_HOLDER)
    async def load(self) -> list[Any]:
        """Load the order of this URL; as long as it is not settled, ask the gateway about it as well."""
        identity = await self._identity()
        if identity is None and not self._key():
            return [self._turn_away()]
        if self._id() != self.order.id:
            self.order, self.notice = OrderView(), ""
        if self.router.url.query_parameters.get("problem"):
            self.notice = PaymentVerificationFailed.sentence
        await self._show(identity, asked=False)
        return self._then_watch()

    @rx.event(background=True)
    @open_to(Caller.LINK_HOLDER)
    async def watch(self) -> None:
        """Ask the gateway about an unsettled order, and poll it for a while as long as it is being confirmed."""
        async with self:
            self._visit += 1
            visit, order_id = self._visit, self.order.id
        for pause in PAUSES if order_id else ():
            asked = await payments.ask_gateway(order_id)
            async with self:
                if visit != self._visit or order_id != self._id():
                    return  # they came again or went elsewhere
                await self._show(await self._identity(), asked=asked)
                if self.order.display_state != "confirming":
                    return
            await asyncio.sleep(pause)

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def cancel_order(self) -> EventSpec | None:
        """Cancel the order of this URL, unless money may be on its way already."""
        identity = await self._identity()
        if identity is None:
            return self._turn_away()
        try:
            async with database.write() as session:
                await service.cancel(session, self._id(), identity)
        except ShopError as error:
            self.notice = error.detail
        await self._show(identity, asked=False)
        return None

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def renew_link(self) -> list[Any]:
        """End every link to the order of this URL, and show the new one."""
        identity = await self._identity()
        if identity is None:
            return [self._turn_away()]
        try:
            await service.end_links(self._id(), identity)
        except ShopError as error:
            self.notice = error.detail
        await self._show(identity, asked=False)
        return self._then_watch()

    def _then_watch(self) -> list[Any]:
        """Ask the gateway about an order that it may know more of."""
        return [OrderState.watch] if self.order.display_state in UNSETTLED else []

    def _id(self) -> str:
        """Return the id in the URL, whatever else it may be."""
        return self.router.url.path.rstrip("/").rpartition("/")[2][:40]

    async def _show(self, identity: Identity | None, *, asked: bool) -> None:
        """Show the order to its buyer, or to whoever holds its signed link; to anybody else there is none."""
        try:
            async with database.read() as session:
                order = await self._find(session, identity)
                record = await gather(session, order, asked=asked)
                terms = await terms_of(session, order.id) if order.status in GOES_ON else Terms()
                bought = await files.of_order(session, order, record.events)
        except OrderNotFound:
            self.order, self.missing, self.own = OrderView(), self._id(), False
            return
        self.own = identity is not None and identity.user_id == order.buyer_id
        reader = Reader.OTHER if self._key() and not self.own else Reader.BUYER
        self.order, self.missing = order_view(record, reader, terms, bought), ""

    async def _find(self, session: Session, identity: Identity | None) -> Order:
        if self._key():
            with suppress(OrderNotFound):  # a link that was ended leads its buyer to the order all the same
                return await looking.get_order_by_link(session, self._id(), self._key())
        if identity is None:
            raise OrderNotFound
        return await looking.get_order(session, self._id(), identity)
