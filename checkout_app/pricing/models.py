"""The table of coupons: what somebody takes off a purchase with a word."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import CheckConstraint, Field

from checkout_app.core import clock
from checkout_app.core.orm import Base

LONGEST_CODE = 24


class CouponKind(StrEnum):
    """What a coupon takes off: a part of the lines, an amount of them, or what sending costs."""

    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_DELIVERY = "free_delivery"


class Coupon(Base, table=True):
    """A coupon, by its code. It is never removed; what is over says when it ended."""

    __tablename__ = "coupons"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    code: str = Field(primary_key=True, max_length=LONGEST_CODE)
    kind: str = Field(max_length=15)
    value: int = 0
    """Basis points of what the lines cost, or minor units; nothing for free delivery."""
    currency: str = Field(default="INR", max_length=3)
    """Of the orders that it is good for."""
    minimum: int = 0
    """What the lines have to cost, in minor units."""
    starts_at: datetime = Field(default_factory=clock.now)
    ends_at: datetime | None = None
    most: int | None = None
    """How many orders may have it; None for any number."""
    once: bool = False
    """Whether each person may have it once, who is known by their e-mail address."""
    used: int = 0
    """How many orders have it: those that hold units, and those that were paid."""
