"""Recovery: goes through all orders at the gateway, and makes those of this shop again that the books lost.

It only looks until it is told to do so. Money that would go back to the buyer waits for a person until it is told to
refund too: since the books lost its order it may have been spoken of, or have gone back by other ways.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from checkout_app.core import database
from checkout_app.core.money import format_amount
from checkout_app.orders.models import Order
from checkout_app.payments import former_keys, order_notes, reconcile, sweep
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import OrderEntity, id_in
from checkout_app.payments.gateway.errors import Garbled
from checkout_app.payments.models import GatewayOrder
from checkout_app.payments.recovery.one import make_whole

Progress = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """Orders with money, and how much was paid for them in minor units."""

    orders: int = 0
    amount: int = 0

    def add(self, order: OrderEntity) -> None:
        """Count one more."""
        self.orders += 1
        self.amount += order.amount_paid

    def __str__(self) -> str:
        """Say it to a person."""
        return f"{self.orders:,} orders paid with {format_amount(self.amount, 'INR')}"


@dataclass(slots=True)
class Found:
    """What a recovery found at the gateway."""

    unknown: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """What was paid for orders that the books do not know, by shop; under an empty id where none is named."""
    unpaid: Tally = field(default_factory=Tally)
    """What was paid for orders that the books know as unpaid."""
    impossible: dict[str, str] = field(default_factory=dict)
    """Orders of this shop that can't be made again, and why."""

    def lines(self, ours: str) -> Iterator[str]:
        """Say it to a person whose shop is `ours`."""
        for shop_id, tally in sorted(self.unknown.items()):
            whose = f"the shop {shop_id}" if shop_id else "whoever does not say"
            yield f"{'MISSING' if shop_id and shop_id == ours else 'OTHERS '}  {tally}, of {whose}"
        if self.unpaid.orders:
            yield f"UNPAID   {self.unpaid}, which the books know as unpaid"
        for gateway_order_id, why in self.impossible.items():
            yield f"UNCLEAR  {gateway_order_id}: {why}"


@dataclass(frozen=True, slots=True)
class Recovery:
    """One way through the gateway's orders; `really` makes orders again, and `refund` sends back what pays none."""

    shop_id: str
    progress: Progress
    books: bool = True
    """Whether there is a database to compare with."""
    really: bool = False
    refund: bool = False
    found: Found = field(default_factory=Found)

    async def run(self) -> Found:
        """Go through all of them, newest first; raises RazorpayError. Begun again, it goes on where it was."""
        looked_at = 0
        async for page in gateway().pages(gateway().order.all, {}):
            known = await self._known(page)
            for item in page:
                await self._look(item, known)
            looked_at += len(page)
            self.progress(f"{looked_at:,} orders at the gateway looked at")
        if self.really:
            self.progress("what has happened to the orders that the books know")
            await former_keys.keep_up()
            await sweep.sweep_due()
            await reconcile.check_due()
        return self.found

    async def _known(self, page: Sequence[dict[str, Any]]) -> Mapping[str, Order]:
        """Return the orders that the books know, by their ids at the gateway."""
        if not self.books:
            return {}
        named = select(GatewayOrder.id, Order).join(Order, col(Order.id) == col(GatewayOrder.order_id))
        async with database.ask() as session:
            rows = await session.exec(named.where(col(GatewayOrder.id).in_([id_in(item, "id") for item in page])))
            return dict(rows.all())

    async def _look(self, item: dict[str, Any], known: Mapping[str, Order]) -> None:
        shop_id = order_notes.shop_of(item.get("notes"))
        try:
            theirs = OrderEntity.read(item)
        except Garbled as garbled:
            if shop_id == self.shop_id:
                self.found.impossible[id_in(item, "id")] = str(garbled)
            return
        order = known.get(theirs.id)
        if order is not None and order.paid_at is not None:
            return
        if theirs.amount_paid:
            tally = self.found.unknown[shop_id] if order is None else self.found.unpaid
            tally.add(theirs)
        is_wanted = self.really and theirs.attempts and (order is not None or shop_id == self.shop_id)
        if is_wanted and (why_not := await make_whole(theirs, refund=self.refund)):
            self.found.impossible[theirs.id] = why_not
