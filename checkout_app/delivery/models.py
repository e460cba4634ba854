"""Tables of where parcels go: the shop's zones, and the addresses that people keep."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from checkout_app.core import ids
from checkout_app.core.orm import Base, id_field

LONGEST_ZONE = 40


class DeliveryZone(Base, table=True):
    """A zone: all that is said of it in one column, since nothing asks for a part, and a sale asks for all of them."""

    __tablename__ = "delivery_zones"

    id: str = Field(primary_key=True, max_length=LONGEST_ZONE)
    said: dict[str, Any] = Field(sa_type=JSON)


class Address(Base, table=True):
    """An address that somebody keeps to order with; the newest is the one they mean when they say none."""

    __tablename__ = "addresses"

    id: str = id_field()
    user_id: str = Field(foreign_key="users.id", max_length=ids.ID_LENGTH, index=True)
    address: dict[str, str] = Field(sa_type=JSON)
