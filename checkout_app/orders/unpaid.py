"""Orders that are open and unpaid: what they hold for their buyers, and when their holds lapse."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String
from sqlmodel import and_, bindparam, col, exists, func, or_, select, union_all

from checkout_app.auth import tokens
from checkout_app.auth.tokens import Claims
from checkout_app.core import clock, database
from checkout_app.core.orm import spelled_out
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import OrderPayment, OrderState


def is_unpaid() -> ColumnElement[bool]:
    """Say of an order that it is open and unpaid."""
    state, payment_status = spelled_out(OrderState.OPEN), spelled_out(OrderPayment.UNPAID)
    return and_(col(Order.state) == state, col(Order.payment_status) == payment_status)


_NEAR_IDS: Final = union_all(
    select(Order.id).where(is_unpaid(), col(Order.buyer_id).in_(bindparam("buyers", expanding=True))),
    select(Order.id).where(col(Order.ordered_from) == bindparam("ordered_from", type_=String)),
)
"""Names unpaid orders of the `buyers`, and those `ordered_from` the same address, which no other order knows.

Not one condition with an OR, nor one more on the address: PostgreSQL would look through all that are unpaid instead, as
long as it has counted few of them.
"""
Held = tuple[Order, OrderLine]
_HELD: Final[Any] = (
    select(Order, OrderLine)
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .where(is_unpaid(), col(Order.stock) == Stock.HELD)
    .order_by(col(Order.id))
)
THESE: Final = Statement[Held](_HELD.where(col(Order.id).in_(bindparam("orders", expanding=True))))
"""Finds those of some orders that are still unpaid and hold units, a row for each line."""
_NEAR: Final = Statement[Held](_HELD.where(col(Order.id).in_(_NEAR_IDS)))
ANY_NEAR: Final = exists(_NEAR_IDS)
"""That there is one."""
_BEGUN: Final = Statement[Order](
    select(Order)
    .where(
        Order.buyer_id == bindparam("buyer"),
        or_(
            Order.idempotency_key == bindparam("key"),
            and_(is_unpaid(), Order.request_digest == bindparam("digest"), col(Order.expires_at) > bindparam("now")),
        ),
    )
    .order_by((col(Order.idempotency_key) == bindparam("key")).desc(), col(Order.id).desc())
    .limit(1)
)


_OF_PRODUCT: Final = Statement[str](
    select(Order.id)
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .where(
        Order.buyer_id == bindparam("user"),
        is_unpaid(),
        col(Order.expires_at) > bindparam("now"),
        OrderLine.slug == bindparam("slug"),
        tokens.SIGNED_IN,
    )
    .order_by(col(Order.id).desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An order that is not paid, and how many units of which variant it holds."""

    id: str
    number: str
    buyer_id: str
    coupon: str | None
    units: dict[str, int] = field(default_factory=dict)


async def near(buyer: Claims, ordered_from: str | None = None) -> Sequence[Unpaid]:
    """Return the unpaid orders that hold units and are a buyer's own or from the same address, the newest first."""
    found: dict[str, Unpaid] = {}
    async with database.ask() as session:
        for order, line in await session.exec(_NEAR, buyers=buyer.known_as, ordered_from=ordered_from):
            one = Unpaid(order.id, order.number, order.buyer_id, order.coupon)
            units = found.setdefault(order.id, one).units
            units[line.variant_id] = units.get(line.variant_id, 0) + line.quantity
    return [found[order_id] for order_id in sorted(found, reverse=True)]


async def begun(buyer: Claims, key: str, digest: str) -> Order | None:
    """Find what an attempt made: the order under its key, or else one of the same purchase that can still be paid."""
    values = {"buyer": buyer.user_id, "key": key, "digest": digest, "now": clock.now()}
    async with database.ask() as session:
        return (await session.exec(_BEGUN, **values)).one_or_none()


async def of_product(buyer: Claims, slug: str) -> str | None:
    """Name the newest order by which a buyer has ordered a product and can still pay it; None when there is none."""
    async with database.ask() as session:
        return (await session.exec(_OF_PRODUCT, slug=slug, **buyer.asking())).one_or_none()


async def lapsed(session: Session, before: datetime, *, limit: int) -> Sequence[str]:
    """Name unpaid orders whose hold ended before a moment and which have not expired, the longest lapsed first."""
    query = select(Order.id).where(is_unpaid(), Order.expires_at < before).order_by(col(Order.expires_at))
    return (await session.exec(query.limit(limit))).all()


async def first_to_lapse(session: Session) -> datetime | None:
    """Return when the next hold of an unpaid order ends."""
    return (await session.exec(select(func.min(Order.expires_at)).where(is_unpaid()))).one()
