"""What pricing refuses."""

from enum import StrEnum

from checkout_app.core.errors import ShopError


class RefusedBecause(StrEnum):
    """Why a coupon is refused."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    ENDED = "ended"
    MINIMUM = "minimum"
    USED_UP = "used_up"
    USED = "used"
    TOO_LITTLE_LEFT = "too_little_left"


class CouponRefused(ShopError):
    """A coupon that is not good for this purchase; `reason` says why, for programs."""

    status = 422
    code = "coupon_refused"
    sentence = "This coupon can't be used."

    def __init__(self, reason: RefusedBecause, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class CouponExists(ShopError):
    """A code that a coupon has already, even one that is over: orders say by which they were cheaper."""

    status = 409
    code = "coupon_exists"
    sentence = "There is a coupon of this code already."


class CouponNotFound(ShopError):
    """No coupon has this code."""

    status = 404
    code = "coupon_not_found"
    sentence = "There is no coupon of this code."
