"""Tables of pricing: coupons, which take something off a purchase by a word, and what somebody was told it comes to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import CheckConstraint, Field

from checkout_app.core import clock
from checkout_app.core.orm import Base
from checkout_app.delivery.address import Destination

LONGEST_CODE = 24
QUOTE_ID_LENGTH, LONGEST_ASKER = 32, 64
NOBODY = ""
"""Whose a quote is that was asked for without a cart and without a sign-in."""


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


class KeptQuote(Base, table=True):
    """What somebody was told that a purchase comes to; never changed, but for how long it is worth showing."""

    __tablename__ = "quotes"

    id: str = Field(primary_key=True, max_length=QUOTE_ID_LENGTH)
    """Made of all the rest, so that the same is one row."""
    asker: str = Field(max_length=LONGEST_ASKER, index=True)
    """The account or visit that asked, or what a cart's row keeps of the secret in its browser; else NOBODY."""
    wanted: dict[str, int] = Field(sa_type=JSON)
    """Units by what they are of, a product or one of its variants, in the order in which they were asked for."""
    coupon: str | None = Field(default=None, max_length=LONGEST_CODE)
    pin: str | None = Field(default=None, max_length=6)
    """Where to, as far as a price depends on it: no address is kept."""
    state: str | None = Field(default=None, max_length=2)
    figures: dict[str, int] = Field(sa_type=JSON)
    """In minor units; that of a line by what it is of."""
    currency: str = Field(max_length=3)
    expires_at: datetime = Field(index=True)
    """From when on it is not worth showing any more, since it was asked for last."""

    @property
    def to(self) -> Destination | None:
        """Where a parcel goes; None as long as nobody has said it, and of files."""
        return Destination(self.pin, self.state) if self.pin and self.state else None
