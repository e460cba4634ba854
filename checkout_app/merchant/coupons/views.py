"""The shop's coupons as the back office shows them: ready-made text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Desk, desk
from checkout_app.pricing.models import Coupon
from checkout_app.pricing.words import conditions, taken_off

COUPONS: Final = "/merchant/coupons"


@dataclass(frozen=True, slots=True)
class CouponView:
    """A coupon; `end` is where it can be ended, empty where it can't be any more, or not by who looks."""

    code: str
    what: str
    when: str
    status: str
    tone: str
    end: str


@dataclass(frozen=True, slots=True)
class CouponsView:
    """Some of the shop's coupons; `more` leads to those that follow, and who looks `may` make one or only look."""

    desk: Desk
    rows: tuple[CouponView, ...]
    more: str
    may: bool


def coupons_view(person: Identity, page: Page[Coupon]) -> CouponsView:
    """Describe some of the shop's coupons for who looks at them."""
    now, may = clock.now(), Caller.OWNER.admits(person.role)
    return CouponsView(
        desk=desk(person),
        rows=tuple(_row(coupon, now, may=may) for coupon in page.items),
        more=f"{COUPONS}?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        may=may,
    )


def _row(coupon: Coupon, now: datetime, *, may: bool) -> CouponView:
    status, tone = _status(coupon, now)
    what, said = taken_off(coupon), ", ".join(conditions(coupon))
    can_end = may and (coupon.ends_at is None or coupon.ends_at > now)
    return CouponView(
        code=coupon.code,
        what=what[:1].upper() + what[1:],
        when=said[:1].upper() + said[1:],
        status=status,
        tone=tone,
        end=f"/api{COUPONS}/{quote(coupon.code)}/end" if can_end else "",
    )


def _status(coupon: Coupon, now: datetime) -> tuple[str, str]:
    """Say whether a coupon is good now, with the tone in which it is said."""
    if coupon.ends_at is not None and coupon.ends_at <= now:
        return "Over", "neutral"
    if coupon.starts_at > now:
        return "Not yet", "info"
    if coupon.most is not None and coupon.used >= coupon.most:
        return "Used up", "neutral"
    return "Good now", "success"
