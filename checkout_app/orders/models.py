"""Tables of the record: orders, their lines, their receipts and their timeline."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from checkout_app.core.orm import Row, id_field


class OrderStatus(StrEnum):
    """Where an order stands. `service.MOVES` says which changes are allowed."""

    CREATED = "created"
    CONFIRMING = "confirming"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Stock(StrEnum):
    """What an order does to the shelf: units held for it, taken for good, or given back."""

    HELD = "held"
    SOLD = "sold"
    RELEASED = "released"


class Order(Row, table=True):
    """What somebody bought or was about to. Its total and its lines are frozen when it is made."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("buyer_id", "idempotency_key"),
        Index("ix_orders_buyer_id_id", "buyer_id", "id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: str = id_field()
    buyer_id: str = Field(foreign_key="users.id")
    email: str = Field(max_length=254)
    name: str = Field(max_length=80)
    status: str = Field(default=OrderStatus.CREATED, max_length=20, index=True)
    stock: str = Field(default=Stock.HELD, max_length=10)
    amount: int
    currency: str = Field(max_length=3)
    idempotency_key: str = Field(max_length=80)
    request_digest: str = Field(max_length=64)
    """SHA-256 of what was asked for, to tell a repetition from a different order under the same key."""
    expires_at: datetime
    """Until when the units are held; money may still come later."""
    updated_at: datetime
    paid_at: datetime | None = None
    attention: str | None = Field(default=None, max_length=300)
    """Why a person must look at this order; None when all is well."""
    opening_until: datetime | None = None
    """Until when somebody is busy creating this order's gateway order; see checkout/opening.py."""
    check_at: datetime | None = Field(default=None, index=True)
    """When the reconciler asks the gateway about this order next; None when it is settled for good."""


class OrderLine(Row, table=True):
    """One line of an order, as it was when the order was made."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: str = id_field()
    order_id: str = Field(foreign_key="orders.id")
    position: int
    product_id: str = Field(foreign_key="products.id")
    slug: str = Field(max_length=80)
    name: str = Field(max_length=120)
    image: str = Field(max_length=200)
    unit_amount: int
    quantity: int
    amount: int
    gst_percent: int


class OrderEvent(Row, table=True):
    """One entry of an order's timeline; never changed, never removed."""

    __tablename__ = "order_events"
    __table_args__ = (Index("ix_order_events_order_id_id", "order_id", "id"),)

    id: str = id_field()
    order_id: str = Field(foreign_key="orders.id")
    kind: str = Field(max_length=40)
    words: str = Field(max_length=300)
    """What happened, in a sentence for people."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.created_at
