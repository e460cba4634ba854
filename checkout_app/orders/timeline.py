"""The sentences of an order's timeline, made when it is read, for whoever reads it."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from checkout_app.core.money import format_amount
from checkout_app.journal.issues import OPENED, RESOLVED
from checkout_app.journal.models import Data, Event, Issue
from checkout_app.orders.moves import OrderEvent


class Reader(StrEnum):
    """Who reads: the buyer, whom a sentence calls you, or somebody else."""

    BUYER = "buyer"
    OTHER = "other"


class IssueKind(StrEnum):
    """Why an order waits for a person."""

    WRONG_AMOUNT = "wrong_amount"
    REFUND_REFUSED = "refund_refused"
    REFUND_FAILED = "refund_failed"
    UNCONFIRMED = "unconfirmed"
    UNREADABLE = "unreadable"
    DISPUTE = "dispute"
    OTHER = "other"
    """Told by an older program in words that are kept as they were."""


RETURN_REASONS: Mapping[str, str] = {
    "paid_twice": "The order was paid twice, so this payment goes back.",
    "cancelled": "The order was cancelled before this payment arrived.",
    "sold_out": "The payment came after the hold ended, and the items were sold to others meanwhile.",
    "dashboard": "Made in the Razorpay dashboard.",
    "voided": "The bank's agreement lapsed before the money was taken.",
}
"""Why money goes back, by the refund's cause, where no person has given a reason."""

DISPUTE_STAGES: Mapping[str, str] = {
    "created": "The buyer's bank disputes this payment.",
    "under_review": "The bank is looking at what we sent about the disputed payment.",
    "action_required": "The bank wants to know more about the disputed payment.",
    "won": "The bank decided the dispute about this payment for the shop.",
    "lost": "The bank decided the dispute about this payment for the buyer.",
    "closed": "The dispute about this payment is closed.",
}


def sentence(event: Event, reader: Reader, words: Mapping[str, str], issues: Mapping[str, Issue]) -> str:
    """Say what happened. `words` holds why a refund was made, by the refund's id; `issues` the order's, by id."""
    if event.kind in {OPENED, RESOLVED}:
        return _about_issue(event, issues)
    return _SENTENCES[OrderEvent(event.kind)](event.data, reader, words)


def issue_sentence(issue: Issue) -> str:
    """Say why an order waits for a person."""
    return _ISSUES[IssueKind(issue.kind)](issue.data, issue.detail)


def _about_issue(event: Event, issues: Mapping[str, Issue]) -> str:
    issue = issues[str(event.data["issue_id"])]
    if event.kind == OPENED:  # what was known then: the issue may have learned more since
        return _ISSUES[IssueKind(issue.kind)](event.data, issue.detail)
    return issue.note or "This has solved itself."


def _of(data: Data, before: str = " of") -> str:
    """Name the amount an event or issue is about, if it knows one."""
    if "amount" not in data:
        return ""
    return f"{before} {format_amount(int(data['amount']), str(data['currency']))}"


def _dispute_stage(data: Data) -> str:
    return DISPUTE_STAGES.get(str(data.get("stage")), DISPUTE_STAGES["created"])


def _always(message: str) -> Callable[[Data, Reader, Mapping[str, str]], str]:
    return lambda _data, _reader, _words: message


def _by_reader(buyer: str, other: str) -> Callable[[Data, Reader, Mapping[str, str]], str]:
    return lambda _data, reader, _words: buyer if reader is Reader.BUYER else other


def _confirming(data: Data, _reader: Reader, _words: Mapping[str, str]) -> str:
    if data.get("authorized"):
        return "The bank has agreed; the payment is being taken."
    return "Razorpay has the payment; its confirmation is awaited."


def _paid(data: Data, _reader: Reader, _words: Mapping[str, str]) -> str:
    return f"{_of(data, '').strip()} was paid."


def _refunded(data: Data, _reader: Reader, _words: Mapping[str, str]) -> str:
    return f"{_of(data, '').strip()} of the payment has been refunded."


def _returning(data: Data, _reader: Reader, _words: Mapping[str, str]) -> str:
    return RETURN_REASONS[str(data["cause"])]


def _refund(data: Data, _reader: Reader, words: Mapping[str, str]) -> str:
    return f"{_of(data, '').strip()} is on its way back. {words.get(str(data.get('refund_id')), '')}".strip()


def _dispute(data: Data, _reader: Reader, _words: Mapping[str, str]) -> str:
    return _dispute_stage(data)


_SENTENCES: Mapping[OrderEvent, Callable[[Data, Reader, Mapping[str, str]], str]] = {
    OrderEvent.CREATED: _by_reader(
        "You placed the order, and its items are kept for you.",
        "The order was made and its items are kept for the buyer.",
    ),
    OrderEvent.CONFIRMING: _confirming,
    OrderEvent.REOPENED: _always("The payment did not go through; it can be tried again."),
    OrderEvent.PAID: _paid,
    OrderEvent.EXPIRED: _always("It was not paid in time, so its items went back on the shelf."),
    OrderEvent.SOLD_OUT: _always("Its items were sold to others meanwhile."),
    OrderEvent.CANCELLED: _by_reader("You cancelled the order.", "The buyer cancelled the order."),
    OrderEvent.PARTIALLY_REFUNDED: _refunded,
    OrderEvent.REFUNDED: _refunded,
    OrderEvent.REFUND_FAILED: _by_reader("A refund did not reach you.", "A refund did not reach the buyer."),
    OrderEvent.RETURNED: _always("Everything that was paid has been sent back."),
    OrderEvent.RETURN_FAILED: _by_reader("A refund did not reach you.", "A refund did not reach the buyer."),
    OrderEvent.PAYMENT_FAILED: _always("An attempt to pay did not go through."),
    OrderEvent.RETURNING: _returning,
    OrderEvent.REFUND: _refund,
    OrderEvent.DISPUTE: _dispute,
    OrderEvent.RESTOCKED: _always("Its items are back on the shelf."),
}

_ISSUES: Mapping[IssueKind, Callable[[Data, str], str]] = {
    IssueKind.WRONG_AMOUNT: lambda data, _detail: f"A payment{_of(data)} arrived that differs from the order's total.",
    IssueKind.REFUND_REFUSED: lambda data, detail: f"Razorpay refuses to refund{_of(data, '')}: {detail}",
    IssueKind.REFUND_FAILED: lambda data, _detail: f"The refund{_of(data)} failed at the bank.",
    IssueKind.UNCONFIRMED: lambda _data, _detail: "A payment has been unconfirmed for more than an hour.",
    IssueKind.UNREADABLE: lambda _data, detail: f"Razorpay does not tell about this order: {detail}",
    IssueKind.DISPUTE: lambda data, _detail: _dispute_stage(data),
    IssueKind.OTHER: lambda _data, detail: detail,
}
