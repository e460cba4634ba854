"""What the gateway holds for an order beside what the books say of it, while something about it waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from checkout_app.orders.moves import OrderPayment
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.issues import OpenIssue
from checkout_app.payments.left import left_of, owed, sum_of
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import LIVE, PaymentStatus, Purpose, RefundStatus


@dataclass(frozen=True, slots=True)
class Balance:
    """What the gateway `held` in minor units, and what of it is the shop's by its books, or is awaited."""

    held: int
    kept: int
    awaited: bool = False

    @property
    def apart(self) -> int:
        """How far the two are apart."""
        return abs(self.held - self.kept)


class Returnable(NamedTuple):
    """So much of a payment that is to go back, or that its buyer asks for; minor units."""

    payment: Payment
    amount: int


def balance(found: OpenIssue) -> Balance:
    """Say how the money stands that an issue is about; what a buyer paid on top for the gateway's fee is left out."""
    if found.order is None:
        return Balance(int(found.issue.data.get("amount", 0)), 0)
    taken = [payment for payment in found.payments if payment.status == PaymentStatus.CAPTURED]
    held = sum(payment.refundable - payment.amount_refunded for payment in taken)
    kept = sum(_kept(payment, found.refunds) for payment in taken)
    if found.issue.kind == IssueKind.REFUND_FAILED and (owed := returnable(found)):
        kept -= owed.amount if owed.payment.purpose == Purpose.ORDER else 0
    awaited = found.order.payment_status == OrderPayment.CONFIRMING
    return Balance(held, kept + (found.order.amount if awaited else 0), awaited)


def returnable(found: OpenIssue) -> Returnable | None:
    """Return what of which payment would go back as the answer to an issue; None where nothing is left to."""
    failed = next((refund for refund in found.refunds if refund.id == found.issue.about), None)
    payment = next((payment for payment in found.payments if _is_about(found, payment, failed)), None)
    if payment is None or payment.status != PaymentStatus.CAPTURED:
        return None
    if failed is None:
        amount = left_of(payment, found.refunds)
    elif failed.status == RefundStatus.PLANNED:
        amount = failed.amount
    else:
        amount = owed(failed, payment, found.refunds, found.issue.created_at)
    return Returnable(payment, amount) if amount > 0 else None


def _kept(payment: Payment, refunds: Sequence[Refund]) -> int:
    """Return what of a payment is the shop's: of one that pays no order, what it gave its buyer outside for it."""
    if payment.purpose == Purpose.ORDER:
        return payment.refundable - sum_of(payment, refunds, LIVE)
    return sum_of(payment, refunds, (RefundStatus.OUTSIDE,))


def _is_about(found: OpenIssue, payment: Payment, failed: Refund | None) -> bool:
    """Tell whether an issue asks for money of a payment to go back."""
    match found.issue.kind:
        case IssueKind.WRONG_AMOUNT | IssueKind.RECOVERED:
            return payment.id == found.issue.about
        case IssueKind.REFUND_FAILED | IssueKind.REFUND_REFUSED:
            return failed is not None and payment.id == failed.payment_id
        case IssueKind.CANCEL_ASKED:
            return payment.purpose == Purpose.ORDER
        case _:
            return False


def is_unplaced(found: OpenIssue) -> bool:
    """Tell whether money of the order neither pays it nor goes back: then nobody may say that all is done."""
    return any(
        payment.status == PaymentStatus.CAPTURED
        and payment.purpose != Purpose.ORDER
        and left_of(payment, found.refunds) != 0
        for payment in found.payments
    )
