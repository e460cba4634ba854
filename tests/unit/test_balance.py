"""How the money stands that a person is asked about, and what of which payment would go back as the answer."""

from collections.abc import Sequence
from typing import Any

import pytest

from checkout_app.journal.models import Data, Issue, Subject
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.balance import Balance, balance, returnable
from checkout_app.payments.issues import OpenIssue
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import PaymentStatus, Purpose, RefundStatus

CAPTURED: dict[str, Any] = {"order_id": "ORDER", "status": PaymentStatus.CAPTURED, "amount": 48000}
PAID = Payment(id="pay_paid", purpose=Purpose.ORDER, **CAPTURED)
AGAIN = Payment(id="pay_again", purpose=Purpose.RETURN, **CAPTURED)


def _refund(payment: Payment, status: RefundStatus, amount: int) -> Refund:
    its: dict[str, Any] = {"payment_id": payment.id, "amount": amount, "status": status}
    return Refund(id="REFUND", order_id="ORDER", currency="INR", **its)


def _found(
    kind: IssueKind, about: str = "", payments: Sequence[Payment] = (), *refunds: Refund, **order: Any
) -> OpenIssue:
    issue = Issue(kind=kind, subject=Subject.ORDER, subject_id="ORDER", about=about)
    return OpenIssue(issue, Order(id="ORDER", amount=48000, **order), payments, refunds)


@pytest.mark.parametrize(("told", "held"), [({"amount": 700}, 700), ({}, 0)])
def test_of_an_order_that_the_books_do_not_know_all_is_held_and_nothing_kept(told: Data, held: int) -> None:
    issue = Issue(kind=IssueKind.RECOVERED, subject=Subject.ORPHAN, subject_id="order_lost", data=told)
    assert balance(OpenIssue(issue, None)) == Balance(held, 0)


def test_what_a_confirming_order_costs_is_kept_and_awaited() -> None:
    found = _found(IssueKind.OTHER, payment_status=OrderPayment.CONFIRMING)
    assert (balance(found), balance(found).apart) == (Balance(0, 48000, awaited=True), 48000)


@pytest.mark.parametrize(("payment", "kept"), [(PAID, 38000), (AGAIN, 0)])
def test_of_a_refund_that_failed_so_much_is_kept_less_unless_it_was_never_the_shops(
    payment: Payment, kept: int
) -> None:
    found = _found(IssueKind.REFUND_FAILED, "REFUND", [payment], _refund(payment, RefundStatus.FAILED, 10000))
    assert (balance(found), returnable(found)) == (Balance(48000, kept), (payment, 10000))


def test_what_would_go_back_is_of_the_payment_that_is_asked_about_and_as_much_as_was_asked_for() -> None:
    both = [PAID, AGAIN]
    refused = _refund(AGAIN, RefundStatus.PLANNED, 1)
    assert returnable(_found(IssueKind.REFUND_REFUSED, "REFUND", both, refused)) == (AGAIN, 1)
    assert returnable(_found(IssueKind.REFUND_REFUSED, "ANOTHER", both, refused)) is None
    assert returnable(_found(IssueKind.RECOVERED, "pay_again", both)) == (AGAIN, 48000)
    assert returnable(_found(IssueKind.CANCEL_ASKED, "", [AGAIN, PAID])) == (PAID, 48000)
    assert returnable(_found(IssueKind.DISPUTE, "pay_paid", both)) is None
