"""Tables of the money: gateway orders, payments, refunds. Always rows, never overwritten columns."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from checkout_app.core import clock, ids
from checkout_app.core.orm import Row, id_field
from checkout_app.payments.statuses import PaymentStatus, Purpose, RefundStatus


class GatewayOrder(Row, table=True):
    """One order at Razorpay. An order of ours usually has one, and may have several."""

    __tablename__ = "gateway_orders"

    id: str = Field(primary_key=True, max_length=40)
    order_id: str = Field(foreign_key="orders.id", index=True)
    amount: int
    currency: str = Field(max_length=3)
    key_id: str = Field(max_length=40)
    """The key it was made with: another key does not see it."""


class Payment(Row, table=True):
    """One attempt to pay, as the gateway last described it."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_refunded >= 0 AND amount_refunded <= amount", name="refunded_in_range"),)

    id: str = Field(primary_key=True, max_length=40)
    order_id: str = Field(foreign_key="orders.id", index=True)
    gateway_order_id: str = Field(foreign_key="gateway_orders.id")
    amount: int
    currency: str = Field(max_length=3)
    status: str = Field(default=PaymentStatus.CREATED, max_length=12)
    purpose: str = Field(default=Purpose.NONE, max_length=10)
    amount_refunded: int = 0
    method: str = Field(default="", max_length=20)
    method_detail: str = Field(default="", max_length=120)
    error_reason: str | None = Field(default=None, max_length=80)
    error_description: str | None = Field(default=None, max_length=300)
    captured_at: datetime | None = None
    """When we learned that it was captured."""
    announced_at: datetime | None = None
    """When a webhook first told us of it; None while only our own questions have."""
    updated_at: datetime = Field(default_factory=clock.now)


class Receipt(Row, table=True):
    """Proof that an order is paid. Its two unique keys make a second effect of a payment impossible."""

    __tablename__ = "receipts"

    order_id: str = Field(foreign_key="orders.id", primary_key=True)
    payment_id: str = Field(foreign_key="payments.id", unique=True)


class Refund(Row, table=True):
    """Money on its way back. Row and key exist before the gateway is asked, so a lost reply is asked again safely."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("payment_id", "request_key"),
    )

    id: str = id_field()
    """Also the idempotency key we send to the gateway."""
    payment_id: str = Field(foreign_key="payments.id")
    order_id: str = Field(foreign_key="orders.id", index=True)
    request_key: str = Field(default_factory=ids.new_id, max_length=120)
    """The caller's idempotency key."""
    gateway_refund_id: str | None = Field(default=None, unique=True, max_length=40)
    amount: int
    currency: str = Field(max_length=3)
    status: str = Field(default=RefundStatus.PLANNED, max_length=12, index=True)
    reason: str = Field(max_length=200)
    bank_reference: str | None = Field(default=None, max_length=80)
    attempts: int = 0
    try_at: datetime | None = None
    """When to ask the gateway next; None when nothing is left to ask."""
    failure: str | None = Field(default=None, max_length=300)
    updated_at: datetime = Field(default_factory=clock.now)


class Downtime(Row, table=True):
    """Trouble with a way to pay that the gateway knows of; the row goes when the trouble is over."""

    __tablename__ = "downtimes"

    id: str = Field(primary_key=True, max_length=40)
    method: str = Field(max_length=20)
    instrument: str = Field(max_length=60)
    """The bank, network or app it is limited to; empty when all of the method is affected."""


class Sweep(Row, table=True):
    """How far the gateway's lists have been swept; one row, shared by all workers."""

    __tablename__ = "sweeps"

    id: str = Field(primary_key=True, max_length=20)
    swept_to: datetime
    """Whatever began at the gateway before this has been seen."""
    next_at: datetime
    """When somebody sweeps again."""


class WebhookEvent(Row, table=True):
    """One thing Razorpay told us, kept before it was acknowledged. Its id makes a repetition the same row."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_due", "handled_at", "try_at"),)

    id: str = Field(primary_key=True, max_length=80)
    event: str = Field(max_length=80)
    body: str
    """Exactly what was sent and signed."""
    attempts: int = 0
    try_at: datetime
    handled_at: datetime | None = None
