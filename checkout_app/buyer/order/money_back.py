"""Money that goes back: how much, why and by when, in a sentence and as rows of the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checkout_app.buyer.order.wording import to
from checkout_app.core import clock, text
from checkout_app.core.money import format_amount
from checkout_app.orders.moves import OrderStatus
from checkout_app.orders.timeline import Reader
from checkout_app.payments import refunds
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.record import Record
from checkout_app.payments.statuses import BACK_WITHIN, GIVEN, Cause, PaymentStatus, RefundStatus

_SENT: Final = (RefundStatus.PROCESSED, RefundStatus.OUTSIDE)


@dataclass(frozen=True, slots=True)
class RefundView:
    """One row of the receipt about money that goes back."""

    amount: str
    status: str


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """The receipt's rows about money that goes back, and what is left; empty while none does."""

    refunds: tuple[RefundView, ...] = ()
    paid: str = ""
    """What was paid in all, where that is not the order's total."""
    kept: str = ""
    """What was paid in the end."""


def money_back(record: Record, reader: Reader) -> MoneyBack:
    """Describe the money that goes back for the receipt."""
    going = _going(record)
    if not going:
        return MoneyBack()
    currency, paid = record.order.currency, sum(_taken(payment) for payment in record.payments)
    return MoneyBack(
        refunds=tuple(RefundView(format_amount(row.amount, row.currency), _status(row, reader)) for row in going),
        paid=format_amount(paid, currency) if paid != record.order.amount else "",
        kept=format_amount(max(paid - _sum(going), 0), currency),
    )


def is_sent(record: Record) -> bool:
    """Tell whether all that goes back has left for the bank."""
    return all(refund.status in _SENT for refund in _going(record))


def refund_message(record: Record, reader: Reader) -> str:
    """Say how much goes back, by when and why, and what the bank did not take; empty when there is nothing.

    That a refund was made in the dashboard is no reason that a buyer knows anything by.
    """
    going = _going(record)
    said = [_coming(record, going, reader)] if going else []
    reasons = [refunds.reason_of(refund) for refund in going if refund.cause != Cause.DASHBOARD]
    said += dict.fromkeys(map(text.sentence, reasons))
    looked_into = {issue.about for issue in record.issues if issue.resolved_at is None}
    stuck = [refund for refund in record.refunds if _is_held_up(refund) or _came_back(refund)]
    said += [_stuck(refund) for refund in stuck if refund.id in looked_into]
    return " ".join(said)


def _coming(record: Record, going: Sequence[Refund], reader: Reader) -> str:
    amount = format_amount(_sum(going), record.order.currency)
    if record.order.status == OrderStatus.PARTIALLY_REFUNDED:
        amount += f" of {format_amount(record.order.amount, record.order.currency)}"
    way = "was sent back" if is_sent(record) else "is on its way back"
    by_banks = [refund.created_at for refund in going if refund.status != RefundStatus.OUTSIDE]
    if not by_banks:
        return f"{amount} was sent back outside Razorpay."
    by = max(by_banks) + BACK_WITHIN
    if by < clock.now():
        return to(reader, f"{amount} {way} and should have reached {{you}} by {clock.format_date(by)}.")
    return to(reader, f"{amount} {way} and is with {{you}} by {clock.format_date(by)}.")


def _stuck(refund: Refund) -> str:
    amount = format_amount(refund.amount, refund.currency)
    what = "is held up" if _is_held_up(refund) else "came back from the bank"
    return f"A refund of {amount} {what}; we look into it."


def _status(refund: Refund, reader: Reader) -> str:
    if refund.status == RefundStatus.OUTSIDE:
        reference = f". Reference {refund.bank_reference}" if refund.bank_reference else ""
        return f"Sent back outside Razorpay{reference}"
    way = "Sent back" if refund.status == RefundStatus.PROCESSED else "On its way"
    by = refund.created_at + BACK_WITHIN
    if by >= clock.now():
        way = to(reader, f"{way}, with {{you}} by {clock.format_date(by)}")
    return f"{way}. Bank reference {refund.bank_reference}" if refund.bank_reference else way


def _going(record: Record) -> Sequence[Refund]:
    """List the refunds whose money goes back, but for those that the gateway does not carry out yet."""
    return [refund for refund in record.refunds if refund.status in GIVEN and not _is_held_up(refund)]


def _is_held_up(refund: Refund) -> bool:
    return refund.status == RefundStatus.PLANNED and refund.failure is not None


def _came_back(refund: Refund) -> bool:
    """Tell whether a bank did not take it; one that the gateway never took failed as its money went by other ways."""
    return refund.status == RefundStatus.FAILED and refund.gateway_refund_id is not None


def _sum(going: Sequence[Refund]) -> int:
    return sum(refund.amount for refund in going)


def _taken(payment: Payment) -> int:
    """Return how much of a payment left the buyer's account: of what was only agreed to, what came back."""
    match payment.status:
        case PaymentStatus.CAPTURED:
            return payment.amount
        case PaymentStatus.VOIDED:
            return payment.amount_refunded
        case _:
            return 0
