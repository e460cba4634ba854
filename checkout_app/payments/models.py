"""Tables of the money: gateway orders, payments, refunds, disputes. Always rows, never overwritten columns."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from checkout_app.core import clock, ids
from checkout_app.core.due import Due, due_index
from checkout_app.core.orm import Base, id_field, partial_index
from checkout_app.payments.statuses import Cause, PaymentStatus, Purpose, RefundStatus

LONGEST_WEBHOOK_ID = 80


class GatewayOrder(Base, table=True):
    """One order at Razorpay. An order of ours usually has one, and may have several."""

    __tablename__ = "gateway_orders"

    id: str = Field(primary_key=True, max_length=40)
    order_id: str = Field(foreign_key="orders.id", index=True)
    amount: int
    currency: str = Field(max_length=3)
    key_id: str = Field(max_length=40)
    """The key it was made with, or the present one once it has gone over to that; `keys` says what it is good for."""


class Payment(Base, table=True):
    """One attempt to pay, as the gateway last described it."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount_refunded >= 0 AND amount_refunded <= amount", name="refunded_in_range"),
        partial_index("ix_payments_captured_at_unannounced", "captured_at", where="announced_at IS NULL"),
    )

    id: str = Field(primary_key=True, max_length=40)
    order_id: str = Field(foreign_key="orders.id", index=True)
    gateway_order_id: str = Field(foreign_key="gateway_orders.id")
    amount: int
    currency: str = Field(max_length=3)
    status: str = Field(default=PaymentStatus.CREATED, max_length=12)
    purpose: str = Field(default=Purpose.NONE, max_length=10)
    toward_order: int | None = None
    """What it counts of the order that it pays, where Razorpay made another sum of that; None where it is `amount`."""
    amount_refunded: int = 0
    method: str = Field(default="", max_length=20)
    method_detail: str = Field(default="", max_length=120)
    error_reason: str | None = Field(default=None, max_length=80)
    error_description: str | None = Field(default=None, max_length=300)
    captured_at: datetime | None = None
    """When we learned that it was captured."""
    announced_at: datetime | None = None
    """When a webhook first told us of it; None while only our own questions have."""
    updated_at: datetime = Field(default_factory=clock.now, index=True)

    @property
    def offer(self) -> int:
        """What an offer at Razorpay took off: so much less than the order's amount was paid."""
        return max((self.toward_order or 0) - self.amount, 0)

    @property
    def customer_fee(self) -> int:
        """What the buyer paid on top for Razorpay's fee, which is not the shop's to keep or to give back."""
        return 0 if self.toward_order is None else max(self.amount - self.toward_order, 0)

    @property
    def refundable(self) -> int:
        """What can go back of it in all."""
        return self.amount - self.customer_fee


class PaymentAllocation(Base, table=True):
    """Which payment paid an order. Its two unique keys make a second effect of a payment impossible."""

    __tablename__ = "payment_allocations"

    order_id: str = Field(foreign_key="orders.id", primary_key=True)
    payment_id: str = Field(foreign_key="payments.id", unique=True)


class Refund(Base, Due, table=True):
    """Money on its way back. Row and key exist before the gateway is asked, so a lost reply is asked again safely."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("payment_id", "request_key"),
        due_index(),
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
    status: str = Field(default=RefundStatus.PLANNED, max_length=12)
    cause: str = Field(default=Cause.REQUESTED, max_length=12)
    reason: str = Field(default="", max_length=200)
    """What the person who asked for it wrote; empty for any other cause."""
    restock: bool = True
    """Whether the units go back on the shelf once all of the order's money is back and nothing was shipped."""
    bank_reference: str | None = Field(default=None, max_length=80)
    failure: str | None = Field(default=None, max_length=300)
    updated_at: datetime = Field(default_factory=clock.now)


class RefundPart(Base, table=True):
    """What a refund gives back of an order: units of one line, or, without a line, so much of what sending it cost."""

    __tablename__ = "refund_parts"
    __table_args__ = (
        UniqueConstraint("refund_id", "line_id"),
        CheckConstraint("units >= 0 AND amount >= 0", name="not_negative"),
    )

    id: str = id_field()
    refund_id: str = Field(foreign_key="refunds.id")
    line_id: str | None = Field(default=None, foreign_key="order_lines.id")
    units: int = 0
    amount: int
    """What they are worth, which is in the refund's amount; minor units."""


class Dispute(Base, table=True):
    """A buyer's bank that wants a payment back, as the gateway last told of it."""

    __tablename__ = "disputes"

    id: str = Field(primary_key=True, max_length=40)
    payment_id: str = Field(foreign_key="payments.id")
    order_id: str = Field(foreign_key="orders.id", index=True)
    stage: str = Field(max_length=40)
    """What happened last: created, under_review, action_required, won, lost or closed."""
    phase: str = Field(default="", max_length=40)
    """How far it went at the bank: fraud, retrieval, chargeback, pre_arbitration or arbitration."""
    amount: int | None = None
    """Minor units; None when the gateway did not say."""
    currency: str = Field(default="", max_length=3)
    respond_by: datetime | None = None
    """Until when the shop can answer; None when it need not or was not told."""
    updated_at: datetime = Field(default_factory=clock.now)


class Downtime(Base, table=True):
    """Trouble with a way to pay that the gateway knows of; the row goes when the trouble is over."""

    __tablename__ = "downtimes"

    id: str = Field(primary_key=True, max_length=40)
    method: str = Field(max_length=20)
    instrument: str = Field(max_length=60)
    """The bank, network or app it is limited to; empty when all of the method is affected."""


class WebhookEvent(Base, Due, table=True):
    """One thing Razorpay told us, kept before it was acknowledged. A repetition is the same row, by id or by body."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        due_index(),
        partial_index("ix_webhook_events_handled_at_whole", "handled_at", where="body <> ''"),
        Index("ix_webhook_events_created_at_id", "created_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=LONGEST_WEBHOOK_ID)
    event: str = Field(max_length=80)
    body: str
    """Exactly what was sent and signed; empty once nobody needs it any more."""
    digest: str = Field(max_length=64, unique=True)
    """SHA-256 of the body: one signed body is one event, whatever id it comes under."""
    handled_at: datetime | None = None
