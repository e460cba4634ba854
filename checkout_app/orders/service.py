"""The record of what was ordered: made once, moved only along allowed ways, never without an event."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import bindparam, col, select

from checkout_app.auth.tokens import Claims, Identity
from checkout_app.cart import service as cart
from checkout_app.catalog import stock
from checkout_app.core import clock, database, ids, limits
from checkout_app.core.changes import Lost, Taken
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import issues
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP, Actor
from checkout_app.journal.models import Data, Event, Issue, Subject
from checkout_app.orders import coupons, unpaid
from checkout_app.orders.errors import OrderClosed, OrderNotFound
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import HANDLINGS, MOVES, Fulfilment, OrderEvent, OrderPayment, OrderState, OrderStatus
from checkout_app.orders.timeline import IssueKind
from checkout_app.pricing.coupons import used_up
from checkout_app.pricing.models import Coupon

HOLD = timedelta(minutes=15)
"""How long units are kept for an order that is not paid yet."""

CLOSED = frozenset({OrderStatus.EXPIRED, OrderStatus.CANCELLED})
"""Ended without having been paid."""

UNPAID = frozenset({OrderStatus.CREATED, OrderStatus.CONFIRMING})

CHECKS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 720, 1440, 2880, 4320, 7260, 10080))
"""After its last change an order is compared with the gateway at these ages, since news can get lost.

A bank may agree to a payment five days late (7200 minutes); the last two ages see that.
"""

_LINES = Statement[OrderLine](
    select(OrderLine).where(OrderLine.order_id == bindparam("order")).order_by(col(OrderLine.position))
)
_UNDER_KEY = Statement[Order](
    select(Order).where(Order.buyer_id == bindparam("buyer"), Order.idempotency_key == bindparam("key"))
)


async def place(
    order: Order,
    lines: Sequence[OrderLine],
    buyer: Identity,
    instead_of: Sequence[str] = (),
    coupon: Coupon | None = None,
) -> tuple[Order, bool]:
    """Keep a new order and hold its stock; returns it and True, or the order already made under its key and False.

    Unpaid orders of the buyer's `instead_of` which it is placed are cancelled with it, and what they held is there for
    it. Its `coupon` is taken with it. Raises OutOfStock, CouponRefused when the buyer has the coupon by now, or Lost
    when those orders were paid meanwhile, their units taken, or the coupon used up; then nothing is kept.
    """
    while True:
        try:
            async with database.change() as session:
                given_up = await _give_up(session, instead_of, order, buyer) if instead_of else []
                session.add(order)
                session.add_all(lines)
                stock.exchange(session, units(line for _, line in given_up), units(lines))
                coupons.exchange(session, {old.id: old for old, _ in given_up}.values(), order, coupon)
                await record(session, order, OrderEvent.CREATED, Actor.of(buyer))
        except Taken:
            if known := await order_under_key(buyer, order.idempotency_key):
                return known, False
            if coupon and await coupons.has_used(coupon, order.email):
                raise used_up(coupon) from None
            order.number = ids.new_number()  # another order has it already
        except Lost as lacking:
            if instead_of or coupon:
                raise
            async with database.read() as session:
                raise await stock.shortage(session, units(lines)) from lacking
        else:
            return order, True


async def _give_up(
    session: Session, order_ids: Sequence[str], order: Order, buyer: Identity
) -> Sequence[tuple[Order, OrderLine]]:
    """Cancel those of some orders that are still unpaid, for the sake of another; returns them and their lines."""
    found = (await session.exec(unpaid.THESE, orders=list(order_ids))).all()
    for old in {old.id: old for old, _ in found}.values():
        old.stock = Stock.RELEASED
        await move(session, old, OrderEvent.CANCELLED, Actor.of(buyer), replaced_by=order.id)
    return found


async def move(session: Session, order: Order, event: OrderEvent, actor: Actor = SHOP, **data: str | int) -> bool:
    """Let an event move an order if its present place allows it, and record the event; returns whether it moved.

    The caller holds the order's lock.
    """
    now, to = clock.now(), MOVES[event]
    if (order.state, order.payment_status) not in to.sources:
        return False
    order.state, order.payment_status = to.state or order.state, to.payment
    if not is_unpaid(order):
        order.ordered_from = None
    if event is OrderEvent.PAID and order.paid_at is None:
        order.paid_at = now
    schedule_check(order, now)
    await record(session, order, event, actor, **data)
    return True


async def handle(session: Session, order: Order, event: OrderEvent, actor: Actor = SHOP, **data: str | int) -> bool:
    """Let an event move what the buyer has of an order likewise; its money stays where it is.

    The caller holds the order's lock.
    """
    to = HANDLINGS[event]
    if order.fulfilment_status not in to.sources:
        return False
    order.fulfilment_status = to.to
    await record(session, order, event, actor, **data)
    return True


async def record(session: Session, order: Order, event: OrderEvent, actor: Actor = SHOP, **data: str | int) -> Event:
    """Append an event to an order's timeline."""
    return await journal.record(session, Subject.ORDER, order.id, event, actor, **data)


async def open_issue(
    session: Session,
    order: Order,
    kind: IssueKind,
    about: str = "",
    *,
    data: Data | None = None,
    detail: str = "",
) -> bool:
    """Ask for a person to look at an order; the same thing is asked once, and again if it still holds afterwards.

    Returns False when it is being asked already.
    """
    issue = Issue(kind=kind, subject=Subject.ORDER, subject_id=order.id, about=about, data=data or {}, detail=detail)
    return await issues.open_issue(session, issue)


def schedule_check(order: Order, changed_at: datetime) -> None:
    """Start an order's series of comparisons with the gateway anew: it changed."""
    order.updated_at = changed_at
    order.due_at = changed_at + CHECKS[0]


async def units_of(session: Session, order_id: str) -> dict[str, int]:
    """Return how many units of which variant an order is about."""
    return units(await lines(session, order_id))


def units(lines: Iterable[OrderLine]) -> dict[str, int]:
    """Add up how many units of which variant some lines are about."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.variant_id] = sums.get(line.variant_id, 0) + line.quantity
    return sums


async def release_stock(session: Session, order: Order) -> None:
    """Put the units an unpaid order holds back on the shelf, and give its coupon back."""
    if order.stock == Stock.HELD:
        stock.release(session, await units_of(session, order.id))
        coupons.give_back(session, order)
        order.stock = Stock.RELEASED


async def commit_stock(session: Session, order: Order, lines: Iterable[OrderLine]) -> None:
    """Take an order's units off the shelf for good, and out of the cart that it was made of.

    They are held again first if the hold lapsed; raises OutOfStock.
    """
    sold = units(lines)
    if order.stock == Stock.RELEASED:
        try:
            async with session.savepoint():
                stock.hold(session, sold)
                coupons.take_again(session, order)
        except Lost as lacking:
            raise await stock.shortage(session, sold) from lacking
        order.stock = Stock.HELD
    if order.stock == Stock.HELD:
        stock.commit(session, sold)
        order.stock = Stock.SOLD
        if order.cart_id:
            cart.take_bought(session, order.cart_id, sold)


async def restock(session: Session, order: Order) -> None:
    """Put the units of an order that was sold and not shipped back on the shelf."""
    if order.stock == Stock.SOLD:
        stock.restock(session, await units_of(session, order.id))
        order.stock = Stock.RESTOCKED
        await record(session, order, OrderEvent.RESTOCKED)


async def expire(session: Session, order_id: str) -> bool:
    """End an unpaid order whose hold has lapsed; returns whether it did.

    A hold that a clock began which was ahead is as long as any other from now on.
    """
    [order] = await database.lock(session, Order, [order_id])
    if not is_unpaid(order):
        return False
    order.expires_at = min(order.expires_at, clock.now() + HOLD)
    if order.expires_at > clock.now():
        return False
    await release_stock(session, order)
    return await move(session, order, OrderEvent.EXPIRED)


async def cancel(session: Session, order_id: str, buyer: Identity) -> Order:
    """Give an unpaid order up for its buyer; raises OrderNotFound, or OrderClosed once money may be on its way."""
    await get_order(session, order_id, buyer)
    [order] = await database.lock(session, Order, [order_id])
    if not is_unpaid(order):
        raise OrderClosed(order_id)
    await release_stock(session, order)
    await move(session, order, OrderEvent.CANCELLED, Actor.of(buyer))
    return order


async def end_links(order_id: str, buyer: Identity) -> Order:
    """End every link to one of the buyer's own orders; raises OrderNotFound, RateLimited.

    The links that are made of what is returned are good.
    """
    await limits.hit("link", buyer.user_id)
    async with database.write() as session:
        await get_order(session, order_id, buyer)
        [order] = await database.lock(session, Order, [order_id])
        order.links_ended += 1
        await record(session, order, OrderEvent.LINKS_ENDED, Actor.of(buyer))
        return order


async def withdraw(session: Session, order_id: str, why: str) -> None:
    """Give an unpaid order up because the shop can't let it be paid; `timeline.WITHDRAWN` says why."""
    [order] = await database.lock(session, Order, [order_id])
    if is_unpaid(order):
        await release_stock(session, order)
        await move(session, order, OrderEvent.CANCELLED, why=why)


async def close_test(session: Session, order: Order) -> None:
    """End an order of test mode: its units and its coupon go back, sold ones too, and its timeline says what it was.

    The caller holds the order's lock.
    """
    await release_stock(session, order)
    if order.fulfilment_status == Fulfilment.UNFULFILLED and order.stock == Stock.SOLD:
        coupons.give_back(session, order)
        await restock(session, order)
    if not await move(session, order, OrderEvent.TEST_CLOSED):
        await record(session, order, OrderEvent.TEST_CLOSED)
    order.due_at = None


def is_payable(order: Order) -> bool:
    """Tell whether a buyer may pay an order now: it is open, nothing is under way, and its units are held."""
    return is_unpaid(order) and order.expires_at > clock.now()


def is_unpaid(order: Order) -> bool:
    """Tell whether an order is open, and no money of it under way."""
    return (order.state, order.payment_status) == (OrderState.OPEN, OrderPayment.UNPAID)


async def order_under_key(buyer: Claims, key: str) -> Order | None:
    """Find the order a buyer already made under an idempotency key."""
    async with database.ask() as session:
        return (await session.exec(_UNDER_KEY, buyer=buyer.user_id, key=key)).one_or_none()


async def get_order(session: Session, order_id: str, buyer: Identity) -> Order:
    """Find one of the buyer's own orders; somebody else's raises OrderNotFound just as an unknown one does."""
    order = await session.get(Order, order_id)
    if order is None or order.buyer_id != buyer.user_id:
        raise OrderNotFound
    return order


async def lines(session: Session, order_id: str) -> Sequence[OrderLine]:
    """Return an order's lines in their order."""
    return (await session.exec(_LINES, order=order_id)).all()


async def timeline(session: Session, order_id: str) -> Sequence[Event]:
    """Return what happened to an order, oldest first."""
    return await journal.events_of(session, Subject.ORDER, order_id)
