"""The table of who sells; it has one row."""

from enum import StrEnum

from sqlmodel import Field

from checkout_app.core.orm import Base

ONLY = "seller"
"""The id of the only row."""
LONGEST_PROMISE = 200


class TaxScheme(StrEnum):
    """How the seller stands to GST, which decides whether a sale carries tax."""

    REGULAR = "regular"
    COMPOSITION = "composition"
    UNREGISTERED = "unregistered"


class Seller(Base, table=True):
    """What the shopkeeper says of themselves; an order freezes what it needs of it."""

    __tablename__ = "sellers"

    id: str = Field(default=ONLY, primary_key=True, max_length=6)
    shop_id: str = Field(default="", max_length=32)
    """Which shop this is, among all that may share an account at the gateway."""
    tax_scheme: str = Field(default=TaxScheme.REGULAR, max_length=12)
    shipping_promise: str = Field(default="", max_length=LONGEST_PROMISE)
    """What buyers are told of how a parcel reaches them; empty when nothing is promised."""
    returns_promise: str = Field(default="", max_length=LONGEST_PROMISE)
    """What buyers are told of sending it back, likewise."""
