"""Where payments and refunds stand, what a payment's money is for, why money goes back, and how long that may take."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from checkout_app.payments.gateway.entities import PaymentEntity, RefundEntity


class PaymentStatus(StrEnum):
    """Where a payment stands at the gateway.

    What the gateway calls refunded stays captured here when it was captured: `amount_refunded` tells the rest.
    """

    CREATED = "created"
    FAILED = "failed"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    """Authorised, never captured, and given back by the gateway by itself."""


class Purpose(StrEnum):
    """What a payment's money is for. Captured money is never without a purpose."""

    NONE = "none"
    """No money was captured, so there is nothing to place."""
    ORDER = "order"
    """It pays the order."""
    RETURN = "return"
    """It can't be honoured and goes back to the buyer."""
    ATTENTION = "attention"
    """It does not fit, and a person must decide."""


class RefundStatus(StrEnum):
    """Where a refund stands: decided here, known to the gateway, and how it ended there."""

    PLANNED = "planned"
    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"
    OUTSIDE = "outside"
    """It reached its buyer by another way than the gateway's: a person says so, and the gateway knows nothing of it."""


class Cause(StrEnum):
    """Why money goes back."""

    REQUESTED = "requested"
    """A person asked for it and gave a reason."""
    PAID_TWICE = "paid_twice"
    CANCELLED = "cancelled"
    SOLD_OUT = "sold_out"
    DASHBOARD = "dashboard"
    """Somebody made it in Razorpay's dashboard."""
    VOIDED = "voided"
    """The gateway let an agreement lapse that nobody captured."""


PAYMENT_RANK: Mapping[PaymentStatus, int] = {
    PaymentStatus.CREATED: 0,
    PaymentStatus.FAILED: 1,
    PaymentStatus.AUTHORIZED: 2,
    PaymentStatus.CAPTURED: 3,
    PaymentStatus.VOIDED: 4,
}
"""From weak to strong: news never moves a payment back."""

REFUND_RANK: Mapping[RefundStatus, int] = {
    RefundStatus.PLANNED: 0,
    RefundStatus.PENDING: 1,
    RefundStatus.PROCESSED: 2,
    RefundStatus.FAILED: 3,
    RefundStatus.OUTSIDE: 4,
}
"""From weak to strong, likewise."""

LIVE = (RefundStatus.PLANNED, RefundStatus.PENDING, RefundStatus.PROCESSED)
"""Refunds whose money is on its way back by the gateway, or is to be."""
ACCEPTED = (RefundStatus.PENDING, RefundStatus.PROCESSED)
"""Refunds that the gateway has taken."""
BACK = (*ACCEPTED, RefundStatus.OUTSIDE)
"""Refunds whose money is with the buyer, or on its way: what an order says of its money's way back."""
GIVEN = (*LIVE, RefundStatus.OUTSIDE)
"""Refunds whose money nobody gives back again."""
BACK_WITHIN: Final = timedelta(days=10)
"""How long a bank may take to return money of a failed payment or of a refund."""


def payment_status(entity: PaymentEntity) -> PaymentStatus:
    """Translate the gateway's status of a payment into ours."""
    if entity.status == "refunded":
        return PaymentStatus.CAPTURED if entity.captured else PaymentStatus.VOIDED
    return PaymentStatus(entity.status)


def refund_status(entity: RefundEntity) -> RefundStatus:
    """Translate the gateway's status of a refund into ours."""
    return RefundStatus(entity.status)
