"""How much of a payment is left to go back."""

from collections.abc import Sequence

from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import LIVE, RefundStatus


def left_of(payment: Payment, refunds: Sequence[Refund]) -> int:
    """Return how much of a payment none of the refunds gives back, in minor units; those that failed do not count.

    It is below 0 after money was refunded in the dashboard for which a refund was planned here, until that is refused.
    What went back outside is no reason for it: nothing of that is asked for any more.
    """
    left = payment.refundable - sum_of(payment, refunds, LIVE)
    return min(left, max(left - sum_of(payment, refunds, (RefundStatus.OUTSIDE,)), 0))


def sum_of(payment: Payment, refunds: Sequence[Refund], statuses: Sequence[RefundStatus]) -> int:
    """Add up a payment's refunds that are this far."""
    return sum(refund.amount for refund in refunds if refund.payment_id == payment.id and refund.status in statuses)
