"""Tables of carts and what is in them, and how much that may be."""

from datetime import datetime
from typing import ClassVar, Final

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from checkout_app.core import clock
from checkout_app.core.orm import Base, id_field, partial_index

MAX_QUANTITY: Final = 10
"""Units of one product in one cart and in one order, on the pages as over HTTP."""
MAX_LINES: Final = 20


class Cart(Base, table=True):
    """What somebody wants to buy: one cart of an account, and one of a browser in which nobody has signed in."""

    guarded: ClassVar[tuple[str, ...]] = ("version",)
    """A cart is changed only as it was seen: of two tabs that change it at once, one looks again."""
    __tablename__ = "carts"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (browser IS NULL)", name="is_somebodys"),
        partial_index("ix_carts_updated_at_browser", "updated_at", where="browser IS NOT NULL"),
    )

    id: str = id_field()
    user_id: str | None = Field(default=None, foreign_key="users.id", unique=True)
    browser: str | None = Field(default=None, max_length=64, unique=True)
    """SHA-256 of the secret in the browser's cookie."""
    version: int = 1
    updated_at: datetime = Field(default_factory=clock.now)


class CartLine(Base, table=True):
    """So many units of a variant in a cart."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: str = id_field()
    cart_id: str = Field(foreign_key="carts.id")
    variant_id: str = Field(foreign_key="variants.id")
    quantity: int
    unit_amount: int
    """What one cost when its buyer put it there, or changed how many they want."""
    merged: int = 0
    """How many of them came from another cart as it merged, until its buyer changes how many they want."""
