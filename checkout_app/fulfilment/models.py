"""Tables of what is sent: parcels, and the units of an order's lines that are in them."""

from datetime import datetime
from typing import Final

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from checkout_app.core.orm import Base, id_field

LONGEST_CARRIER: Final = 60
LONGEST_TRACKING: Final = 60


class Shipment(Base, table=True):
    """A parcel of an order: one that was shipped to its buyer, or that `came_back` from them."""

    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "request_key"),)

    id: str = id_field()
    order_id: str = Field(foreign_key="orders.id")
    came_back: bool = False
    carrier: str = Field(default="", max_length=LONGEST_CARRIER)
    """Who brings it; nobody knows of what comes back."""
    tracking: str = Field(default="", max_length=LONGEST_TRACKING)
    restock: bool = False
    """Whether the units of what came back went on the shelf again."""
    request_key: str = Field(max_length=120)
    """The caller's idempotency key."""
    request_digest: str = Field(max_length=64)
    """SHA-256 of what was asked for, to tell a repetition from something else under the same key."""
    delivered_at: datetime | None = None


class ShipmentLine(Base, table=True):
    """So many units of one line of the order that are in a parcel."""

    __tablename__ = "shipment_lines"
    __table_args__ = (
        UniqueConstraint("shipment_id", "line_id"),
        CheckConstraint("units > 0", name="units_positive"),
    )

    id: str = id_field()
    shipment_id: str = Field(foreign_key="shipments.id")
    line_id: str = Field(foreign_key="order_lines.id")
    units: int
