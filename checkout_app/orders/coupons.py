"""The coupons of orders: taken with the units that an order holds, and given back with them.

As many orders have a coupon as may, and each person one where each may have it once, whatever arrives together: the
statement that places an order takes its coupon too, or neither is done.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, exists, or_, select, update

from checkout_app.core import clock, database, signing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.orders.models import LONGEST_PERSON, CouponUse, Order
from checkout_app.pricing.coupons import is_used_up
from checkout_app.pricing.models import Coupon

_UNITS: Final[Any] = bindparam("units", type_=Integer)
_USED: Final[Any] = col(Coupon.used)
_THE_COUPON: Final = update(Coupon).where(col(Coupon.code) == bindparam("coupon"))
_TAKE: Final = Statement[None](
    _THE_COUPON.where(
        or_(col(Coupon.most).is_(None), col(Coupon.most) > _USED),
        or_(col(Coupon.ends_at).is_(None), col(Coupon.ends_at) > bindparam("now")),
    ).values(used=_USED + 1)
)
_TAKE_AGAIN: Final = Statement[None](_THE_COUPON.values(used=_USED + 1))
_GIVE_BACK: Final = Statement[None](_THE_COUPON.values(used=_USED - _UNITS))
_LET_GO: Final = Statement[None](
    update(CouponUse).where(col(CouponUse.order_id) == bindparam("order")).values(person=None)
)
_HAS_USED: Final = Statement[bool](
    select(exists().where(col(CouponUse.coupon) == bindparam("coupon"), col(CouponUse.person) == bindparam("person")))
)


async def is_spent(coupon: Coupon, email: str) -> bool:
    """Tell whether a coupon is not to be had any more by who has this address."""
    return is_used_up(coupon) or (coupon.once and await has_used(coupon, email))


async def has_used(coupon: Coupon, email: str) -> bool:
    """Tell whether who has this address has an order with a coupon that each person may have once."""
    async with database.ask() as session:
        return (await session.exec(_HAS_USED, coupon=coupon.code, person=_person(email))).one()


def exchange(session: Session, given_up: Iterable[Order], order: Order, coupon: Coupon | None) -> None:
    """Take a coupon for a new order and give back those of orders that are given up for it, by one change of each.

    The session raises Lost when it is used up or over by now, and Taken when the buyer has it already.
    """
    more = Counter({coupon.code: 1} if coupon else {})
    for old in given_up:
        if old.coupon:
            more[old.coupon] -= 1
            session.change(CouponUse, _LET_GO, order=old.id)
    for code in sorted(more):
        if more[code] > 0:
            session.change(Coupon, _TAKE, coupon=code, now=clock.now())
        elif more[code] < 0:
            session.change(Coupon, _GIVE_BACK, coupon=code, units=-more[code])
    if coupon:
        session.add(_use(order, coupon.code, _person(order.email) if coupon.once else None))


def give_back(session: Session, order: Order) -> None:
    """Give back the coupon of an order that was not paid; its buyer may have it again."""
    if order.coupon:
        session.change(CouponUse, _LET_GO, order=order.id)
        session.change(Coupon, _GIVE_BACK, coupon=order.coupon, units=1)


def take_again(session: Session, order: Order) -> None:
    """Count the coupon of an order whose money came late, whatever became of it: the order costs what it cost."""
    if order.coupon:
        session.change(Coupon, _TAKE_AGAIN, coupon=order.coupon)


async def recover(session: Session, order: Order, code: str) -> None:
    """Let an order that is made again have its coupon, if the shop still knows it."""
    if await session.get(Coupon, code):
        order.coupon = code
        session.change(Coupon, _TAKE_AGAIN, coupon=code)
        session.add(_use(order, code, None))


def _use(order: Order, code: str, person: str | None) -> CouponUse:
    return CouponUse(coupon=code, order_id=order.id, person=person)


def _person(email: str) -> str:
    """Return what tells somebody from others by their address, and does not tell the address."""
    key = signing.key_for(signing.Purpose.COUPON_USED, settings().link_secret)
    return signing.sign(key, email.casefold().encode())[:LONGEST_PERSON]
