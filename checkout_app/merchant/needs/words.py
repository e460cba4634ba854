"""What the cards say of each way: the button, and what comes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.merchant.needs.ways import Way
from checkout_app.orders.moves import Fulfilment
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments.issues import OpenIssue

LABELS: Final[Mapping[Way, str]] = {
    Way.REFUND: "Refund {amount}",
    Way.OUTSIDE: "It went back another way",
    Way.RECOVER: "Make its order again",
    Way.CHOOSE: "Choose what goes back",
    Way.ANSWER: "Answer at Razorpay",
    Way.DECLINE: "Say no",
    Way.READ: "Read and answer it",
    Way.NOTE: "Write down what you did",
}
_COMES_OF_IT: Final[Mapping[Way, str]] = {
    Way.REFUND: "It goes back the way it came.",
    Way.OUTSIDE: "You sent it to the buyer yourself. Their order says so, and Razorpay is asked for it no more.",
    Way.RECOVER: "The books know it again, with its money, and nothing goes back. Then ship it, or refund it there.",
    Way.CHOOSE: "Opens the order: refund it by its lines there.",
    Way.ANSWER: "Opens Razorpay's dashboard. What the bank decides is heard here by itself.",
    Way.DECLINE: "No money moves. The buyer reads why on their order.",
    Way.READ: "Opens the complaint. It waits until you have answered it there.",
    Way.NOTE: "It waits no longer. The buyer reads what you wrote on their order.",
}
_COMES_OF_A_NOTE: Final[Mapping[IssueKind, str]] = {
    IssueKind.REFUND_REFUSED: "It waits no longer. The refund is still tried; refused again, it comes back here.",
    IssueKind.UNCONFIRMED: "It waits no longer. It ends by itself once Razorpay tells, and comes back if it does not.",
    IssueKind.UNREADABLE: "It waits no longer. It ends by itself once Razorpay tells, and comes back if it does not.",
    IssueKind.ORPHAN: "It waits no longer, and neither does its alarm. Found again, it comes back here.",
}
REASONS: Final[Mapping[IssueKind, str]] = {
    IssueKind.WRONG_AMOUNT: "It is not the order's total.",
    IssueKind.RECOVERED: "It does not pay the order.",
    IssueKind.CANCEL_ASKED: "You asked to cancel the order.",
}
"""Why money goes back, to begin with: its buyer reads it."""
_WANTED: Final[Mapping[str, str]] = {
    "fraud": "It may be fraud: the bank wants to know of the sale before money moves.",
    "retrieval": "It wants papers about the sale; no money has moved.",
}
_PROOF: Final = "Send what shows that the buyer got what they paid for: bill, tracking number, messages."


def comes_of(way: Way, found: OpenIssue) -> str:
    """Say what comes of a way, before somebody takes it."""
    kind, order = IssueKind(found.issue.kind), found.order
    if way is Way.NOTE:
        return _COMES_OF_A_NOTE.get(kind, _COMES_OF_IT[way])
    if way is Way.REFUND and kind is IssueKind.CANCEL_ASKED and order:
        if order.fulfilment_status == Fulfilment.UNFULFILLED:
            return f"{_COMES_OF_IT[way]} Its items are on the shelf again."
        return f"{_COMES_OF_IT[way]} What was not shipped yet stays with you."
    return _COMES_OF_IT[way]


def wanted(found: OpenIssue) -> str:
    """Say what the bank wants of the shop; nothing where it wants nothing."""
    dispute = found.dispute
    if dispute is None:
        return ""
    about = f"It is about {format_amount(dispute.amount, dispute.currency)}." if dispute.amount else ""
    return " ".join(filter(None, (about, _WANTED.get(dispute.phase, ""), _PROOF)))


def how_long(until: datetime) -> str:
    """Say how long it is until a moment, in its largest unit: `in 2 days`, `in 5 hours`, `too late`."""
    hours = int((until - clock.now()).total_seconds()) // 3600
    if until <= clock.now():
        return "too late"
    for number, unit in ((hours // 24, "day"), (hours, "hour")):
        if number:
            return f"in {number} {unit}{'' if number == 1 else 's'}"
    return "within the hour"
