"""How much of a payment is left to go back."""

from collections.abc import Sequence
from datetime import datetime

from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import GIVEN, LIVE, RefundStatus


def left_of(payment: Payment, refunds: Sequence[Refund]) -> int:
    """Return how much of a payment none of the refunds gives back, in minor units; those that failed do not count.

    It is below 0 after money was refunded in the dashboard for which a refund was planned here, until that is refused.
    What went back outside is no reason for it: nothing of that is asked for any more.
    """
    left = payment.refundable - sum_of(payment, refunds, LIVE)
    return min(left, max(left - sum_of(payment, refunds, (RefundStatus.OUTSIDE,)), 0))


def owed(failed: Refund, payment: Payment, refunds: Sequence[Refund], since: datetime) -> int:
    """Return how much of a refund that failed no other one has given back since a moment; 0 where nothing is left."""
    again = [refund for refund in refunds if refund.created_at > since]
    return max(min(left_of(payment, refunds), failed.amount - sum_of(payment, again, GIVEN)), 0)


def sum_of(payment: Payment, refunds: Sequence[Refund], statuses: Sequence[RefundStatus]) -> int:
    """Add up a payment's refunds that are this far."""
    return sum(refund.amount for refund in refunds if refund.payment_id == payment.id and refund.status in statuses)
