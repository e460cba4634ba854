"""The sweep: asks the gateway what happened lately, however old the order is that it belongs to.

The reconciler follows the orders that may still change. The sweep finds what belongs to all others: somebody pays an
order that was given up long ago, or a refund is made in the dashboard months later. It decides nothing. It makes such
an order due, and the reconciler looks at it and follows it again.

A mark in the database says up to when everything has been seen, in the gateway's own time, whatever our clock says. It
moves on only after a sweep came through, so an outage is swept as well, however long it was. Any number of workers may
try.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col, select

from checkout_app.core import clock, database, rounds
from checkout_app.core.rounds import Round
from checkout_app.orders.models import Order
from checkout_app.payments import orphans, reconcile
from checkout_app.payments.checks.violations import Violation, kept_by
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity, RefundEntity, id_in
from checkout_app.payments.gateway.errors import Garbled, RazorpayError
from checkout_app.payments.models import GatewayOrder, Payment, Refund
from checkout_app.payments.statuses import payment_status, refund_status

log = structlog.stdlib.get_logger(__name__)

PACE = timedelta(seconds=100)
"""How often the gateway's lists are read."""
OVERLAP = timedelta(minutes=30)
"""How far each sweep goes back behind the last one, because the gateway's lists lag and its clock is another one."""
CLOCKS = "the clock agrees with the gateway's"
FARTHEST = timedelta(minutes=1)
"""How far our clock may be from the gateway's."""
NAME = "sweep"
LISTS = "the gateway's lists are read"
_IN_VAIN = 3
"""How often in a row they may not be read: that is five minutes."""

_Items = Sequence[dict[str, Any]]


async def sweep_due() -> int:
    """Read the gateway's lists if it is time, and make the orders due that they have news about; returns how many."""
    found = _Found()
    await rounds.come_round(NAME, PACE, found.sweep)
    return found.orders


class _Found:
    """What one round of the sweep came upon."""

    def __init__(self) -> None:
        self.orders = 0

    async def sweep(self, mark: Round) -> bool:
        """Read the lists from the mark on, and move it when that came through."""
        began = clock.now()
        try:
            self.orders += await _sweep(mark.reached - OVERLAP)
            theirs = began - gateway().ahead
            if mark.reached > theirs:  # then a clock that was ahead had made the mark
                self.orders += await _sweep(theirs - OVERLAP)
        except RazorpayError as failure:
            log.warning("gateway's lists can't be read, the mark stays", failure=str(failure))
            return False
        log.info("gateway's lists read", orders_with_news=self.orders)
        mark.reached, mark.found = theirs, [asdict(violation) for violation in _compare_clocks()]
        reconcile.WORK.wake()
        return True


async def found() -> list[Violation]:
    """Return what was wrong with the clock at the last sweep, whoever made it, and whether sweeps come through."""
    mark, violations = await kept_by(NAME)
    if mark and mark.attempts > _IN_VAIN:
        violations.append(Violation(LISTS, NAME, f"{mark.attempts} sweeps did not come through"))
    return violations


def _compare_clocks() -> list[Violation]:
    """Say that our clock is wrong, if it is: how long units are held, and when the gateway is asked, goes by it."""
    ahead = gateway().ahead
    if abs(ahead) <= FARTHEST:
        return []
    seconds = round(ahead.total_seconds())
    log.error("clock differs from the gateway's", seconds_ahead=seconds)
    return [Violation(CLOCKS, "clock", f"it is {seconds} seconds ahead")]


async def _sweep(since: datetime) -> int:
    query, found = {"from": int(since.timestamp())}, 0
    async for page in gateway().pages(gateway().payment.all, query):
        order_ids, unknown = await _orders_of_payments(page)
        found += await _make_due(order_ids)
        await _report(unknown)
    async for page in gateway().pages(gateway().refund.all, query):
        found += await _make_due(await _orders_of_refunds(page))
    return found


async def _orders_of_payments(page: _Items) -> tuple[set[str], _Items]:
    """Return the orders whose payments stand otherwise at the gateway than here, and payments of unknown orders."""
    payment_ids, gateway_order_ids = ({id_in(item, name) for item in page} for name in ("id", "order_id"))
    async with database.read() as session:
        ours = await session.exec(select(Payment).where(col(Payment.id).in_(payment_ids)))
        known = {payment.id: payment for payment in ours.all()}
        ours_there = select(GatewayOrder).where(col(GatewayOrder.id).in_(gateway_order_ids))
        order_ids = {row.id: row.order_id for row in (await session.exec(ours_there)).all()}
    mine = [item for item in page if id_in(item, "order_id") in order_ids]
    news = {order_ids[id_in(item, "order_id")] for item in mine if _payment_is_news(item, known.get(id_in(item, "id")))}
    return news, [item for item in page if id_in(item, "order_id") not in order_ids]


async def _report(unknown: _Items) -> None:
    """Report what is missing in the books; what can't be understood of others' is theirs."""
    payments, _ = PaymentEntity.read_each(unknown)
    for payment in payments:
        await orphans.report(payment)


async def _orders_of_refunds(page: _Items) -> set[str]:
    """Return the orders whose refunds stand otherwise at the gateway than here."""
    payment_ids = {id_in(item, "payment_id") for item in page}
    async with database.read() as session:
        ours = await session.exec(select(Refund).where(col(Refund.payment_id).in_(payment_ids)))
        known = {refund.gateway_refund_id: refund for refund in ours.all()}
        mine = select(Payment).where(col(Payment.id).in_(payment_ids))
        order_ids = {payment.id: payment.order_id for payment in (await session.exec(mine)).all()}
    return {
        order_ids[id_in(item, "payment_id")]
        for item in page
        if id_in(item, "payment_id") in order_ids and _refund_is_news(item, known.get(id_in(item, "id")))
    }


def _payment_is_news(item: dict[str, Any], ours: Payment | None) -> bool:
    """Tell whether a payment differs from what we know; one that can't be understood is the reconciler's to report."""
    try:
        theirs = PaymentEntity.read(item)
    except Garbled:
        return True
    return ours is None or (payment_status(theirs), theirs.amount_refunded) != (ours.status, ours.amount_refunded)


def _refund_is_news(item: dict[str, Any], ours: Refund | None) -> bool:
    try:
        theirs = RefundEntity.read(item)
    except Garbled:
        return True
    return ours is None or refund_status(theirs) != ours.status


async def _make_due(order_ids: set[str]) -> int:
    """Let the reconciler look at these orders now; returns how many it was not going to look at anyway."""
    if not order_ids:
        return 0
    now = clock.now()
    async with database.write() as session:
        orders = await database.lock(session, Order, list(order_ids))
        late = [order for order in orders if order.due_at is None or order.due_at > now]
        for order in late:
            order.due_at = now
    for order in late:
        log.info("gateway has news of an order", order_id=order.id)
    return len(late)


WORK = rounds.work(NAME, lambda: sweep_due())  # noqa: PLW0108 - looked up when it is called
