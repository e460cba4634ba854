"""Histories of one order: what the bank, the buyer, the shopkeeper and the network can do to it, in any order.

`History` acts them out on a real shop and a real gateway; `tests/support/verdict.py` says what must be true afterwards.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from sqlmodel import col, select, update

from checkout_app.cart import service as cart
from checkout_app.cart.owner import Owner
from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery.address import PostalAddress
from checkout_app.journal import issues as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Subject
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.models import Order
from checkout_app.payments import issues, service, settle, webhooks
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.errors import (
    GatewayUnavailable,
    MoneyUnplaced,
    PaymentNotFound,
    RefundRefused,
)
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.models import GatewayOrder, Refund, WebhookEvent
from checkout_app.payments.refund_parts import Parts
from checkout_app.pricing.models import Coupon, CouponKind
from razorpay_sandbox.core.errors import GatewayError
from razorpay_sandbox.payments import attempts, lifecycle, offers, refund_processing
from razorpay_sandbox.state.store import Record
from tests.support.happenings import TELLING, Step
from tests.support.inside import BUYER, Inside, put_on_shelf, reconcile_once
from tests.support.shops import KEY_ID
from tests.support.webhooks import event, new_event_id
from tests.support.zones import charge_everywhere, somewhere

AMOUNT = 48000
"""What the order comes to, whatever it is of."""
COUPON = "PARCEL"
"""The order's: it goes the way of the units."""
CUPS, TEA, SENDING = 30000, 9000, 4800
"""Of what an order of a cart is made: one of the first, two of the second, and its way; a tenth is taken off."""
WHOSE: Final = Owner(BUYER.user_id)
SHOPKEEPER = Actor(ActorKind.MERCHANT, "SHOPKEEPER")


@dataclass
class History:
    """One order and all that happens to it."""

    inside: Inside
    order_id: str = ""
    product_id: str = ""
    """What it is of, or the first thing of several."""
    cart_id: str | None = None
    """The cart that it is all of, if it is."""
    wanted: dict[str, int] = field(default_factory=dict)
    """How many units of what are ordered."""
    shelf: dict[str, int] = field(default_factory=dict)
    """How many units of what are there while nothing is sold."""
    added: Counter[str] = field(default_factory=Counter)
    """What came into the buyer's cart since."""
    sold_out: bool = False
    decided: Literal["", "cancelled", "expired"] = ""
    gateway_order_ids: list[str] = field(default_factory=list)
    refunds_asked_for: int = 0
    read: list[PaymentEntity] = field(default_factory=list)
    """What a slow worker has read from the gateway and not acted on yet."""

    async def begin(self, *, on_hand: int, twice: bool) -> None:
        """Order one unit; `twice` lets the order have two gateway orders, as after two lost replies."""
        await self.inside.clear()
        self.product_id = await put_on_shelf(on_hand, AMOUNT)
        self.shelf, self.wanted = {self.product_id: on_hand}, {self.product_id: 1}
        await self._order(Coupon(code=COUPON, kind=CouponKind.FREE_DELIVERY), twice=twice)

    async def begin_with_cart(self, *, on_hand: int, twice: bool) -> None:
        """Order all of a cart, by a coupon and to an address: one of what there are `on_hand`, and two of another."""
        await self.inside.clear()
        self.product_id, tea = await put_on_shelf(on_hand, CUPS), await put_on_shelf(9, TEA, slug="tea")
        self.shelf, self.wanted = {self.product_id: on_hand, tea: 9}, {self.product_id: 1, tea: 2}
        await charge_everywhere(SENDING)
        self.cart_id = (await cart.fill(WHOSE, self.wanted, version=0)).cart_id
        await self._order(Coupon(code=COUPON, kind=CouponKind.PERCENT, value=1000), twice=twice, to=somewhere())

    async def _order(self, coupon: Coupon, *, twice: bool, to: PostalAddress | None = None) -> None:
        coupon.starts_at = clock.now()
        async with database.write() as session:
            session.add(coupon)
        items = [Item(*wanted) for wanted in self.wanted.items()]
        made = await checkout.create_order(BUYER, items, coupon=COUPON, to=to, cart_id=self.cart_id)
        self.order_id, self.gateway_order_ids = made.order.id, [made.razorpay_order_id]
        if twice:
            body = {"amount": AMOUNT, "currency": "INR", "receipt": self.order_id}
            second = await gateway().order.create(body | {"payment": {"capture": "automatic"}})
            row = GatewayOrder(id=second["id"], order_id=self.order_id, amount=AMOUNT, currency="INR", key_id=KEY_ID)
            async with database.write() as session:
                session.add(row)
            self.gateway_order_ids.append(second["id"])

    async def live(self, *happens: Step) -> None:
        """Let several things happen, one after the other."""
        for step in happens:
            await self.act(step)

    async def act(self, step: Step) -> None:
        """Let one thing happen; what is impossible at the moment does not."""
        what, which, how = step
        act: Callable[[int, str], Awaitable[None]] = getattr(self, "_" + what.replace(" ", "_"))
        with suppress(GatewayError, RazorpayError, GatewayUnavailable):  # refusals and troubles are part of the story
            await act(which, how)
        if what in TELLING:
            assert await check_rules() == [], f"after {step}"

    async def end(self) -> None:
        """Let the trouble pass and the waiting times run out, then let the reconciler look at the order once."""
        self.inside.line.troubles.clear()
        async with database.write() as session:
            past = clock.now() - timedelta(seconds=1)
            for refund in (await session.exec(select(Refund).where(col(Refund.due_at).is_not(None)))).all():
                refund.due_at = past
            await session.exec(update(Order).values(opening_until=None))
        await reconcile_once(self.order_id)

    def _payments(self) -> list[Record]:
        return self.inside.gateway.store.everything("payment")

    def _one(self, which: int) -> Record:
        payments = self._payments()
        if not payments:
            raise GatewayError("There is no payment yet.")
        return payments[which % len(payments)]

    async def _attempt(self, which: int, how: str) -> None:
        await self._begin(which, how)
        await self._bank(len(self._payments()) - 1, how)

    async def _begin(self, which: int, _how: str) -> None:
        gateway_order_id = self.gateway_order_ids[which % len(self.gateway_order_ids)]
        attempts.begin(self.inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=gateway_order_id))

    async def _bank(self, which: int, how: Any) -> None:
        attempts.conclude(self.inside.gateway, self._one(which).id, how)

    async def _dashboard_capture(self, which: int, _how: str) -> None:
        with self.inside.gateway.store.transaction():
            payment = self._one(which)
            due = self.inside.gateway.store.get("order", str(payment.parent))
            if payment.entity["status"] == "authorized" and due and due.entity["amount_due"]:
                lifecycle.capture(self.inside.gateway, payment)

    async def _release(self, which: int, _how: str) -> None:
        with self.inside.gateway.store.transaction():
            payment = self._one(which)
            if payment.entity["status"] == "authorized":
                refund_processing.issue(self.inside.gateway, payment, payment.entity["amount"], certain=True)

    async def _offer(self, which: int, _how: str) -> None:
        """Let the next attempts at one of the gateway orders cost ₹100 less, by an offer made in the dashboard."""
        with self.inside.gateway.store.transaction():
            order = self.inside.gateway.store.get("order", self.gateway_order_ids[which % len(self.gateway_order_ids)])
            if order:
                offers.attach(self.inside.gateway, order, 10000)

    async def _fee(self, _which: int, how: str) -> None:
        """Let the buyer or the shop bear the fee of the attempts from now on."""
        self.inside.gateway.settings.change(self.inside.gateway.store, {"fee_bearer": how})

    async def _dashboard_refund(self, which: int, how: str) -> None:
        with self.inside.gateway.store.transaction():
            payment = self._one(which)
            left = payment.entity["amount"] - payment.entity["amount_refunded"]
            amount = left if how == "rest" else 10000
            if payment.entity["captured"] and 0 < amount <= left:
                refund_processing.issue(self.inside.gateway, payment, amount)
                self.refunds_asked_for += 1

    async def _refunds_end(self, _which: int, how: str) -> None:
        self.inside.gateway.settings.change(self.inside.gateway.store, {"refunds": how})

    async def _bank_refunds(self, which: int, how: str) -> None:
        refunds = self.inside.gateway.store.everything("refund")
        if refunds:
            with self.inside.gateway.store.transaction():
                refund = refunds[which % len(refunds)]
                refund.hidden["ends"] = how
                refund_processing.conclude(self.inside.gateway, refund)

    async def _refund(self, which: int, how: str) -> None:
        with suppress(RefundRefused, PaymentNotFound, InvalidInput):
            await service.refund(
                self._one(which).id,
                10000 if how == "part" else None,
                of=Parts({await self._line(which): 1}) if how == "line" else None,
                reason="Asked for.",
                request_key=new_event_id(),
                restock=how != "rest, not to be sold again",
            )
            self.refunds_asked_for += 1

    async def _line(self, which: int) -> str:
        async with database.read() as session:
            lines = await orders.lines(session, self.order_id)
        return lines[which % len(lines)].id

    async def _dispute(self, which: int, _how: str) -> None:
        await webhooks.receive(
            event("payment.dispute.created", dispute={"payment_id": self._one(which).id}), new_event_id()
        )

    async def _decide(self, _which: int, _how: str) -> None:
        async with database.read() as session:
            waiting = await journal.open_issues(session, Subject.ORDER, [self.order_id])
        for issue in waiting:
            with suppress(MoneyUnplaced):
                await issues.resolve(issue.id, "A person looked at it.", SHOPKEEPER)

    async def _cancel(self, _which: int, _how: str) -> None:
        with suppress(OrderClosed):
            async with database.write() as session:
                await orders.cancel(session, self.order_id, BUYER)
            self.decided = "cancelled"

    async def _expire(self, _which: int, _how: str) -> None:
        async with database.write() as session:
            past = clock.now() - timedelta(seconds=1)
            await session.exec(update(Order).values(expires_at=past))
        async with database.write() as session:
            await orders.expire(session, self.order_id)
        self.decided = self.decided or "expired"

    async def _sell_out(self, which: int, _how: str) -> None:
        """Sell to others whatever is not held of something."""
        product_id = list(self.shelf)[which % len(self.shelf)]
        async with database.write() as session:
            variant = await session.get_one(Variant, product_id)
            self.shelf[product_id] -= int(variant.available or 0)
            variant.on_hand = variant.held
        self.sold_out = True

    async def _tab_adds(self, which: int, _how: str) -> None:
        """Put one more unit of something into the buyer's cart, in another tab."""
        product_id = list(self.wanted)[which % len(self.wanted)]
        with suppress(OutOfStock, InvalidInput):
            await cart.add(WHOSE, product_id)
            self.added[product_id] += 1

    async def _webhook(self, which: int, _how: str) -> None:
        events = self.inside.events()
        if events:
            event_id, body = events[-1 - which % len(events)]
            await webhooks.receive(body, event_id)

    async def _handle(self, _which: int, _how: str) -> None:
        async with database.write() as session:
            await session.exec(
                update(WebhookEvent)
                .where(col(WebhookEvent.handled_at).is_(None))
                .values(due_at=clock.now() - timedelta(seconds=1))
            )
        await webhooks.handle_due()

    async def _callback(self, which: int, _how: str) -> None:
        payment = self._one(which)
        signature = self.inside.gateway.sign(KEY_ID, f"{payment.parent}|{payment.id}")
        if payment.entity["status"] in {"authorized", "captured"}:
            info = checkout.PaymentInfo(str(payment.parent), payment.id, signature)
            await checkout.verify_payment(BUYER, info)

    async def _read(self, _which: int, _how: str) -> None:
        self.read = [PaymentEntity.read(payment.entity) for payment in self._payments()]

    async def _write(self, _which: int, _how: str) -> None:
        for entity in self.read:
            await settle.settle_entity(entity)

    async def _poll(self, _which: int, _how: str) -> None:
        await reconcile_once(self.order_id)

    async def _trouble(self, which: int, how: str) -> None:
        self.inside.line.troubles += [*[None] * which, how]
