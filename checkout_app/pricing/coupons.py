"""What a coupon takes off a purchase, and when it is refused. Whether there is one left, placing the order decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from checkout_app.core import clock
from checkout_app.core.money import format_amount, part_of
from checkout_app.pricing.derivation import Discount, Sending
from checkout_app.pricing.errors import CouponRefused, RefusedBecause
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.pricing.reasons import Reason, Why


class Reduction(NamedTuple):
    """What a coupon makes of a purchase: what is taken off, and what sending costs then."""

    discount: Discount
    sending: Sending


def normal(code: str) -> str:
    """Return a code as it is kept: people write it in small letters and with spaces around."""
    return code.strip().upper()


def reduce(coupon: Coupon | None, subtotal: int, currency: str, sending: Sending) -> Reduction:
    """Say what a coupon takes off lines that cost so much; raises CouponRefused. None is one that there is not."""
    if coupon is None or coupon.currency != currency:
        raise CouponRefused(RefusedBecause.UNKNOWN, "There is no such coupon.")
    _require_now(coupon, clock.now())
    if subtotal < coupon.minimum:
        least = format_amount(coupon.minimum, currency)
        raise CouponRefused(RefusedBecause.MINIMUM, f"This coupon is good from {least} on.")
    return _REDUCE[CouponKind(coupon.kind)](coupon, subtotal, sending)


def _require_now(coupon: Coupon, now: datetime) -> None:
    if now < coupon.starts_at:
        raise CouponRefused(
            RefusedBecause.NOT_YET, f"This coupon is good from {clock.format_moment(coupon.starts_at)}."
        )
    if coupon.ends_at and now >= coupon.ends_at:
        raise CouponRefused(RefusedBecause.ENDED, "This coupon is over.")


def is_used_up(coupon: Coupon) -> bool:
    """Tell whether as many orders have a coupon as may."""
    return coupon.most is not None and coupon.used >= coupon.most


def used_up(coupon: Coupon) -> CouponRefused:
    """Say why nobody, or not this buyer, can have a coupon any more."""
    if is_used_up(coupon):
        return CouponRefused(RefusedBecause.USED_UP, "This coupon has been used up.")
    return CouponRefused(RefusedBecause.USED, "You have used this coupon already.")


def too_little_left() -> CouponRefused:
    """Say that a coupon leaves less than can be paid."""
    return CouponRefused(RefusedBecause.TOO_LITTLE_LEFT, "With this coupon too little is left to be paid for.")


def _percent(coupon: Coupon, subtotal: int, sending: Sending) -> Reduction:
    off = part_of(subtotal, coupon.value)
    said: dict[str, str | int] = {"code": coupon.code, "rate": coupon.value}
    return Reduction(Discount(off, Reason(Why.PERCENT_OFF, off, said)), sending)


def _amount(coupon: Coupon, subtotal: int, sending: Sending) -> Reduction:
    off = min(coupon.value, subtotal)
    return Reduction(Discount(off, Reason(Why.AMOUNT_OFF, off, {"code": coupon.code})), sending)


def _free_delivery(coupon: Coupon, _subtotal: int, sending: Sending) -> Reduction:
    reason = Reason(Why.FREE_DELIVERY, 0, {"code": coupon.code})
    return Reduction(Discount(0, reason), replace(sending, charge=0))


_REDUCE: Final[dict[CouponKind, Callable[[Coupon, int, Sending], Reduction]]] = {
    CouponKind.PERCENT: _percent,
    CouponKind.AMOUNT: _amount,
    CouponKind.FREE_DELIVERY: _free_delivery,
}
