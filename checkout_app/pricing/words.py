"""What a coupon is good for, in words."""

from collections.abc import Sequence

from checkout_app.core import clock
from checkout_app.core.money import format_amount, format_rate
from checkout_app.pricing.models import Coupon, CouponKind


def taken_off(coupon: Coupon) -> str:
    """Say what a coupon takes off: `10 % off`."""
    match CouponKind(coupon.kind):
        case CouponKind.PERCENT:
            return f"{format_rate(coupon.value)} off"
        case CouponKind.AMOUNT:
            return f"{format_amount(coupon.value, coupon.currency)} off"
        case CouponKind.FREE_DELIVERY:
            return "free delivery"


def conditions(coupon: Coupon) -> Sequence[str]:
    """Say for whom and when it is good, and how often it was used."""
    said = [
        f"from {format_amount(coupon.minimum, coupon.currency)} on" if coupon.minimum else "",
        f"since {clock.format_moment(coupon.starts_at)}",
        f"until {clock.format_moment(coupon.ends_at)}" if coupon.ends_at else "",
        "once each" if coupon.once else "",
        f"used {coupon.used} times" if coupon.most is None else f"used {coupon.used} of {coupon.most} times",
    ]
    return [words for words in said if words]
