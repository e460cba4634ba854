"""Make coupons, end them, and look at those there are."""

import re
from typing import Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, select

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject
from checkout_app.pricing.coupons import normal
from checkout_app.pricing.errors import CouponExists, CouponNotFound
from checkout_app.pricing.models import LONGEST_CODE, Coupon, CouponKind

CREATED: Final = "coupon_created"
ENDED: Final = "coupon_ended"
_SHORTEST_CODE: Final = 3
_CODE: Final = re.compile(rf"[A-Z0-9][A-Z0-9-]{{{_SHORTEST_CODE - 1},{LONGEST_CODE - 1}}}")
_WHOLE: Final = 10_000
MOST_USES: Final = 1_000_000
_HIGHEST: Final = {CouponKind.PERCENT: _WHOLE, CouponKind.AMOUNT: LARGEST_AMOUNT, CouponKind.FREE_DELIVERY: 0}
_VALUES: Final = {
    CouponKind.PERCENT: "From 0.01 to 100 %.",
    CouponKind.AMOUNT: f"From 1 to {LARGEST_AMOUNT}.",
    CouponKind.FREE_DELIVERY: "Free delivery has no value.",
}
_BY_CODE: Final = Statement[Coupon](
    select(Coupon)
    .where(col(Coupon.code) > bindparam("cursor"))
    .order_by(col(Coupon.code))
    .limit(bindparam("limit", type_=Integer))
)


async def create_coupon(coupon: Coupon, by: Actor) -> Coupon:
    """Let there be a coupon; raises InvalidInput, CouponExists."""
    coupon.code = normal(coupon.code)
    if wrong := _wrong_with(coupon):
        raise InvalidInput(wrong)
    async with database.write() as session:
        if not await database.insert_new(session, coupon):
            raise CouponExists
        await journal.record(session, Subject.COUPON, coupon.code, CREATED, by, code=coupon.code)
    return coupon


async def end_coupon(code: str, by: Actor) -> Coupon:
    """Let nobody begin an order with a coupon from now on; orders that have it keep it. Raises CouponNotFound."""
    async with database.write() as session:
        found = await database.lock(session, Coupon, [normal(code)[:LONGEST_CODE]])
        if not found:
            raise CouponNotFound
        [coupon], now = found, clock.now()
        if coupon.ends_at is None or coupon.ends_at > now:
            coupon.ends_at = now
            await journal.record(session, Subject.COUPON, coupon.code, ENDED, by, code=coupon.code)
    return coupon


async def coupons(*, cursor: str | None = None, limit: int = 20) -> Page[Coupon]:
    """List the coupons by their codes; the cursor is the last code of the page before."""
    async with database.ask() as session:
        found = (await session.exec(_BY_CODE, cursor=cursor or "", limit=limit + 1)).all()
    return page_of(found, limit, [coupon.code for coupon in found])


def _wrong_with(coupon: Coupon) -> dict[str, str]:
    """Say of each part of a coupon that can't be meant what is wrong with it."""
    highest = _HIGHEST[CouponKind(coupon.kind)]
    wrong: dict[str, str] = {}
    if not _CODE.fullmatch(coupon.code):
        wrong["code"] = f"A code has {_SHORTEST_CODE} to {LONGEST_CODE} letters, digits and hyphens."
    if not min(1, highest) <= coupon.value <= highest:
        wrong["value"] = _VALUES[CouponKind(coupon.kind)]
    if not 0 <= coupon.minimum <= LARGEST_AMOUNT:
        wrong["minimum"] = f"From 0 to {LARGEST_AMOUNT}."
    if coupon.most is not None and not 1 <= coupon.most <= MOST_USES:
        wrong["limit"] = f"From 1 to {MOST_USES}."
    if coupon.ends_at is not None and coupon.ends_at <= coupon.starts_at:
        wrong["ends_at"] = "It has to end after it starts."
    return wrong
