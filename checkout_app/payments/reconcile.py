"""The reconciler: finishes what nobody told us about, by asking the gateway about orders that may still change.

Any number of workers may run it. An order that is due is claimed for a minute and its next check is planned only after
this one succeeded, so a worker that dies, or a gateway that does not answer, costs a minute and skips nothing. When the
gateway does not answer, the round ends and the claimed orders come again spread out: an outage is not followed by a
storm. That a hold ends does not depend on the gateway: `payments/holds.py` sees to it.
"""

import secrets
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select
from structlog.contextvars import bind_contextvars

from checkout_app.core import clock, database, due
from checkout_app.core.session import Session
from checkout_app.journal import issues
from checkout_app.journal.models import Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import gateway_orders, keys, settle
from checkout_app.payments.gateway.errors import Unavailable
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.settle import Unreadable
from checkout_app.payments.statuses import PaymentStatus, RefundStatus

log = structlog.stdlib.get_logger(__name__)

_SPREAD = timedelta(seconds=5)
LADDER = due.Ladder(pauses=(timedelta(minutes=1),), lease=timedelta(minutes=1), spread=_SPREAD)
_DAY = timedelta(days=1)
_SOONEST = timedelta(seconds=30)
PACE = timedelta(seconds=100)
"""How often an order is looked at while its units are held, so that a payment nobody told of settles in two minutes."""
UNCAPTURED_TOO_LONG = timedelta(hours=1)


async def check_due() -> int:
    """Compare the orders that are due with the gateway, a few at a time; returns how many were."""
    return await due.drain(Order, LADDER, _check)


async def _check(order: Order) -> bool:
    bind_contextvars(order_id=order.id)
    try:
        await check_order(order.id)
    except Unavailable as failure:
        raise due.Outage(f"Order {order.id} can't be checked ({failure})") from failure
    async with database.write() as session:
        [checked] = await database.lock(session, Order, [order.id])
        on_its_way = await _is_on_its_way(session, order.id)
        checked.due_at, checked.attempts = next_check(checked, clock.now(), on_its_way=on_its_way), 0
    log.info("order compared with the gateway", status=checked.status)
    return True


async def _is_on_its_way(session: Session, order_id: str) -> bool:
    """Tell whether money of an order goes back and is not there yet: a bank may send it back weeks later."""
    query = select(Refund.id).where(Refund.order_id == order_id, Refund.status == RefundStatus.PENDING)
    return (await session.exec(query)).first() is not None


def next_check(order: Order, now: datetime, *, on_its_way: bool = False) -> datetime | None:
    """Return when an order is looked at again: ever later after its last change, and never in step with the others.

    While a buyer may be paying, that is every other minute; while money is on its way back, every day in the end.
    """
    moments = [order.updated_at + age for age in orders.CHECKS]
    if order.status in orders.UNPAID:
        moments += [order.expires_at, min(now + PACE, order.expires_at)]
    later = min((moment for moment in moments if moment > now), default=None)
    if later is None and order.status in orders.UNPAID:
        later = now + orders.CHECKS[-1]
    if later is None and on_its_way:
        later = now + _DAY
    return later and max(later, now + _SOONEST) + _SPREAD * (secrets.randbelow(1000) / 1000)


async def check_order(order_id: str) -> None:
    """Ask the gateway everything about one order and do what its answers call for; raises Unavailable.

    What the gateway does not tell asks for a person, and keeps nothing else from being done.
    """
    unreadable = await _ask_gateway(order_id)
    async with database.write() as session:
        await orders.expire(session, order_id)
        await _ask_for_a_person(session, order_id, unreadable)


async def _ask_gateway(order_id: str) -> list[Unreadable]:
    """Settle everything the gateway tells of an order of ours; returns what it does not tell. Raises Unavailable."""
    unreadable: list[Unreadable] = []
    async with database.ask() as session:
        known = await gateway_orders.of_order(session, order_id)
    if known and not any(map(keys.is_ours, known)):
        return []
    if not known:
        with settle.naming(order_id, unreadable):
            await gateway_orders.adopt(order_id)
    unreadable += await settle.refresh(order_id)
    named = {found.subject for found in unreadable}
    for payment_id in await _unlisted(order_id):
        if payment_id not in named:
            with settle.naming(payment_id, unreadable):
                await settle.settle(payment_id)
    return unreadable


async def _unlisted(order_id: str) -> list[str]:
    """Name the payments we wait for, to be read one by one should the list lag behind."""
    waiting = (PaymentStatus.CREATED, PaymentStatus.AUTHORIZED)
    query = select(Payment.id).where(Payment.order_id == order_id, col(Payment.status).in_(waiting))
    async with database.ask() as session:
        return list((await session.exec(query)).all())


async def _ask_for_a_person(session: Session, order_id: str, unreadable: list[Unreadable]) -> None:
    """Raise what waiting does not solve, and let go of what it solved."""
    [order] = await database.lock(session, Order, [order_id])
    solved = set[IssueKind]()
    for found in unreadable:
        await orders.open_issue(session, order, IssueKind.UNREADABLE, found.subject, detail=found.detail)
    if not unreadable:
        solved.add(IssueKind.UNREADABLE)
    if order.payment_status != OrderPayment.CONFIRMING:
        solved.add(IssueKind.UNCONFIRMED)
    elif clock.now() - order.updated_at > UNCAPTURED_TOO_LONG:
        await orders.open_issue(session, order, IssueKind.UNCONFIRMED)
    await issues.close_by_time(session, Subject.ORDER, order_id, solved)


WORK = due.of_rows("orders", lambda: check_due(), Order)  # noqa: PLW0108 - looked up when it is called
