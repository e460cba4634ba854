"""An order's money as the back office shows it: ready-made text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.delivery.rules import charge_in_words
from checkout_app.merchant.webhooks.views import messages_of
from checkout_app.orders.models import Order
from checkout_app.payments import failures, refunds
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import GIVEN, PaymentStatus, RefundStatus

_WENT: Final = {
    RefundStatus.PLANNED: "is to be asked for",
    RefundStatus.PENDING: "is on its way",
    RefundStatus.PROCESSED: "is with the bank",
    RefundStatus.FAILED: "failed at the bank",
    RefundStatus.OUTSIDE: "went back outside Razorpay",
}


_OF_PAYMENT: Final = (
    *("id", "gateway_order_id", "status", "amount", "currency", "amount_refunded", "method", "method_detail"),
    *("error_reason", "error_description", "captured_at", "announced_at", "updated_at"),
)
_OF_REFUND: Final = (
    *("gateway_refund_id", "payment_id", "status", "amount", "currency", "bank_reference", "failure", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class SumView:
    """A figure of the order; one that `stands_out` sums up those above it."""

    term: str
    amount: str
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class MoneyView:
    """A payment or a refund; `said` is what is kept of what the gateway said last, empty where it said nothing.

    Where the messages about a payment are is `told`.
    """

    id: str
    about: str
    amount: str
    at: str
    said: str
    told: str = ""


def sums_view(order: Order, payments: Sequence[Payment], back: Sequence[Refund]) -> tuple[SumView, ...]:
    """Say what the order came to, what of it was paid, and what went back or is to."""
    taken = sum(payment.amount for payment in payments if payment.status == PaymentStatus.CAPTURED)
    given = sum(refund.amount for refund in back if refund.status in GIVEN)

    def sum_of(term: str, amount: int, *, stands_out: bool = False) -> SumView:
        return SumView(term, format_amount(amount, order.currency), stands_out)

    sums = [sum_of("Subtotal", order.subtotal)]
    if order.discount:
        sums.append(sum_of(f"Discount, {order.coupon}" if order.coupon else "Discount", -order.discount))
    if order.ships_to:
        sums.append(SumView("Delivery", charge_in_words(order.delivery, order.currency)))
    sums.append(sum_of("Total", order.amount, stands_out=True))
    if order.tax:
        sums.append(sum_of("Tax inside it", order.tax))
    if taken:
        sums.append(sum_of("Paid", taken))
    if given:
        sums += [sum_of("Refunded", given), sum_of("Left", taken - given, stands_out=True)]
    return tuple(sums)


def payment_view(payment: Payment) -> MoneyView:
    """Describe an attempt to pay."""
    why = failures.why(payment.error_reason).sentence if payment.status == PaymentStatus.FAILED else ""
    how = payment.method_detail or payment.method
    about = ". ".join(part for part in (payment.status.capitalize(), how, why.rstrip(".")) if part)
    at = clock.format_moment(payment.captured_at or payment.created_at)
    amount = format_amount(payment.amount, payment.currency)
    return MoneyView(payment.id, about, amount, at, _said(payment, _OF_PAYMENT), messages_of(payment.id))


def refund_view(refund: Refund) -> MoneyView:
    """Describe money that goes back, or went."""
    went = f"It {_WENT[RefundStatus(refund.status)]}."
    reference = f"Bank reference {refund.bank_reference}." if refund.bank_reference else ""
    about = " ".join(part for part in (refunds.reason_of(refund), went, reference) if part)
    return MoneyView(
        refund.gateway_refund_id or "",
        about,
        format_amount(refund.amount, refund.currency),
        clock.format_moment(refund.created_at),
        _said(refund, _OF_REFUND) if refund.gateway_refund_id else "",
    )


def _said(row: Payment | Refund, names: Sequence[str]) -> str:
    """Write what is kept of what the gateway said last, leaving out what it did not say."""
    kept = {name: value for name in names if (value := getattr(row, name)) not in {None, ""}}
    return json.dumps(kept, indent=2, ensure_ascii=False, default=datetime.isoformat)
