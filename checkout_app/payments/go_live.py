"""Going live on the database of test mode: what was ordered there is closed, and no gateway is ever asked about it.

Test orders are told by the key that they were opened with. They stay in the books as what they were, with an event that
says so. It may be stopped and begun again at any moment, also while the shop sells.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlmodel import and_, col, func, or_, select

from checkout_app.core import database, due
from checkout_app.core.settings import SettingsError, settings
from checkout_app.journal import issues
from checkout_app.journal.actors import SHOP
from checkout_app.journal.models import Event, Issue, Subject
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import MOVES, Fulfilment, OrderEvent
from checkout_app.payments import former_keys, keys
from checkout_app.payments.models import GatewayOrder, Refund

_NOTE = "This was about a test order."


@dataclass(frozen=True, slots=True)
class Remains:
    """What test mode left that is not closed: how many of each."""

    orders: int
    cancelled: int
    """Of those orders, how many are to be cancelled, since nobody paid them for sure."""
    units: int
    refunds: int
    issues: int

    def lines(self) -> Iterator[str]:
        """Say what becomes of them."""
        for what, count in (
            ("orders of test mode, closed and never asked about again", self.orders),
            ("of them unpaid, and so cancelled", self.cancelled),
            ("units, held or sold, back on the shelf", self.units),
            ("refunds, not followed any more", self.refunds),
            ("issues that wait for a person, resolved", self.issues),
        ):
            yield f"{count:>9,}  {what}"


async def go_live(progress: Callable[[str], None], *, sure: bool) -> list[str]:
    """Close what test mode left, or only say what that is unless somebody is sure; returns what there is to say.

    Raises SettingsError while the shop is in test mode.
    """
    if settings().mode == keys.TEST:
        raise SettingsError("RAZORPAY_KEY_ID is a test key: go live once the live pair is in the settings.")
    left = await remains()
    if not left.orders:
        return ["Nothing of test mode is left to close"]
    if not sure:
        return [*left.lines(), "Nothing has been changed yet. This does it: go-live --yes"]
    return [*left.lines(), f"Done, test orders closed: {await close_all(progress):,}"]


async def remains() -> Remains:
    """Count what is to be closed."""
    left = _left().correlate(None)
    counted = {
        "orders": select(func.count()).where(col(Order.id).in_(left)),
        "cancelled": select(func.count()).where(col(Order.id).in_(left), _is_to_be_cancelled()),
        "units": select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(Order.id).in_(left), _is_to_be_put_back()),
        "refunds": select(func.count()).where(col(Refund.order_id).in_(left), col(Refund.due_at).is_not(None)),
        "issues": select(func.count()).where(
            Issue.subject == Subject.ORDER, col(Issue.subject_id).in_(left), col(Issue.resolved_at).is_(None)
        ),
    }
    async with database.read() as session:
        return Remains(**{name: int((await session.exec(query)).one()) for name, query in counted.items()})


async def close_all(progress: Callable[[str], None]) -> int:
    """Close every test order that is not closed; returns how many there were."""
    closed = 0
    while order_ids := await _some_left():
        for order_id in order_ids:
            await _close(order_id)
        closed += len(order_ids)
        progress(f"test orders closed: {closed:,}")
    await former_keys.look_again()
    return closed


def _left() -> Select[Any]:
    """Find the orders of test mode that are not closed, or that somebody follows all the same."""
    tested = select(GatewayOrder.order_id).where(col(GatewayOrder.key_id).startswith(keys.TEST))
    closed = select(Event.id).where(
        Event.subject == Subject.ORDER,
        col(Event.subject_id) == col(Order.id),
        Event.kind == OrderEvent.TEST_CLOSED,
    )
    return select(Order.id).where(col(Order.id).in_(tested), or_(~closed.exists(), col(Order.due_at).is_not(None)))


def _is_to_be_cancelled() -> Any:
    sources = MOVES[OrderEvent.TEST_CLOSED].sources
    return or_(*(and_(Order.state == state, Order.payment_status == payment) for state, payment in sources))


def _is_to_be_put_back() -> Any:
    unfulfilled = and_(Order.stock == Stock.SOLD, Order.fulfilment_status == Fulfilment.UNFULFILLED)
    return or_(Order.stock == Stock.HELD, unfulfilled)


async def _some_left() -> Sequence[str]:
    async with database.ask(long=True) as session:
        return (await session.exec(_left().order_by(col(Order.id)).limit(due.BATCH))).all()


async def _close(order_id: str) -> None:
    """Close one test order, with everything that was still to come of it."""
    async with database.write() as session:
        [order] = await database.lock(session, Order, [order_id])
        await orders.close_test(session, order)
        for refund in await session.exec(select(Refund).where(Refund.order_id == order_id)):
            refund.due_at = None
        for issue in await issues.open_issues(session, Subject.ORDER, [order_id]):
            await issues.close_issue(session, issue, _NOTE, SHOP)
