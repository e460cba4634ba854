"""The sentences of an order's timeline, made when it is read, for whoever reads it."""

from collections.abc import Mapping
from enum import StrEnum

from checkout_app.core.money import format_amount
from checkout_app.journal.issues import OPENED, RESOLVED
from checkout_app.journal.models import Data, Event, Issue
from checkout_app.orders.moves import OrderEvent
from checkout_app.seller.complaints import service as complaints
from checkout_app.seller.complaints.models import KIND


class Reader(StrEnum):
    """Who reads: the buyer, whom a sentence calls you, the people of the shop, or somebody else."""

    BUYER = "buyer"
    SHOP = "shop"
    OTHER = "other"


class IssueKind(StrEnum):
    """Why something waits for a person: an order, but for a complaint."""

    WRONG_AMOUNT = "wrong_amount"
    REFUND_REFUSED = "refund_refused"
    REFUND_FAILED = "refund_failed"
    UNCONFIRMED = "unconfirmed"
    UNREADABLE = "unreadable"
    DISPUTE = "dispute"
    ORPHAN = "orphan"
    RECOVERED = "recovered"
    COMPLAINT = KIND
    CANCEL_ASKED = "cancel_asked"
    RETURN_ASKED = "return_asked"
    OTHER = "other"
    """Told by an older program in words that are kept as they were."""


class OtherWay(StrEnum):
    """By what money went back outside the gateway."""

    BANK_TRANSFER = "bank_transfer"
    UPI = "upi"
    CASH = "cash"
    CHEQUE = "cheque"


OTHER_WAYS: Mapping[OtherWay, str] = {
    OtherWay.BANK_TRANSFER: "by bank transfer",
    OtherWay.UPI: "by UPI",
    OtherWay.CASH: "in cash",
    OtherWay.CHEQUE: "by cheque",
}
ASKED = frozenset({IssueKind.CANCEL_ASKED, IssueKind.RETURN_ASKED})
"""What the buyer asks the shop for."""
RETURN_REASONS: Mapping[str, str] = {
    "paid_twice": "The order was paid twice, so this payment goes back.",
    "cancelled": "The order was cancelled before this payment arrived.",
    "sold_out": "The payment came after the hold ended, and the items were sold to others meanwhile.",
    "dashboard": "Made in the Razorpay dashboard.",
    "voided": "The bank's agreement lapsed before the money was taken.",
}
"""Why money goes back, by the refund's cause, where no person has given a reason."""

Pair = tuple[str, str]
"""A sentence for the buyer, and the same for anybody else. Names in braces are filled in from the event's data."""


def _same(text: str) -> Pair:
    return text, text


_STAGES: Mapping[str, Pair] = {
    "created": ("Your bank disputes this payment.", "The buyer's bank disputes this payment."),
    "under_review": _same("The bank is looking at what the shop sent about the disputed payment."),
    "action_required": _same("The bank wants to know more about the disputed payment."),
    "won": _same("The bank decided the dispute about this payment for the shop."),
    "lost": (
        "The bank decided the dispute about this payment for you.",
        "The bank decided the dispute about this payment for the buyer.",
    ),
    "closed": _same("The dispute about this payment is closed."),
}
_AGREED = _same("The bank has agreed; the payment is being taken.")
_REPLACED = (
    "You ordered anew, so its items went to that order.",
    "The buyer ordered anew, so its items went to that order.",
)
WITHDRAWN: Mapping[str, Pair] = {
    "by_shop": _same("The shop cancelled the order."),
    "refused": _same("Razorpay does not accept the order, so it was cancelled."),
    "unpaid_orders": _same("Too many orders were unpaid at the same time, so this one was cancelled."),
}
"""Why the shop itself cancels an order."""
_SENT_BACK = _same("{amount} was sent back. {reason}")
_BY_LINK = _same("The file {name} was downloaded by its link.")
_REFUND_FAILED = ("A refund did not reach you.", "A refund did not reach the buyer.")

_EVENTS: Mapping[OrderEvent, Pair] = {
    OrderEvent.CREATED: (
        "You placed the order, and its items are kept for you.",
        "The order was made and its items are kept for the buyer.",
    ),
    OrderEvent.RECOVERED: _same("The order was made again from what Razorpay keeps."),
    OrderEvent.CONFIRMING: _same("Razorpay has the payment; its confirmation is awaited."),
    OrderEvent.REOPENED: _same("The payment did not go through; it can be tried again."),
    OrderEvent.PAID: _same("{amount} was paid."),
    OrderEvent.EXPIRED: _same("It was not paid in time, so its items went back on the shelf."),
    OrderEvent.SOLD_OUT: _same("Its items were sold to others meanwhile."),
    OrderEvent.CANCELLED: ("You cancelled the order.", "The buyer cancelled the order."),
    OrderEvent.TEST_CLOSED: _same("This was a test order: no money moved. It was closed when the shop went live."),
    OrderEvent.PARTIALLY_REFUNDED: _same("{amount} of the payment has been refunded."),
    OrderEvent.REFUNDED: _same("{amount} of the payment has been refunded."),
    OrderEvent.REFUND_FAILED: _REFUND_FAILED,
    OrderEvent.RETURNED: _same("Everything that was paid has been sent back."),
    OrderEvent.RETURN_FAILED: _REFUND_FAILED,
    OrderEvent.PAYMENT_FAILED: _same("An attempt to pay did not go through. {reason}"),
    OrderEvent.RETURNING: _same("{cause}"),
    OrderEvent.REFUND: _same("{amount} is on its way back. {reason}"),
    OrderEvent.OUTSIDE: _same("{amount} was sent back {way}, outside Razorpay{reference}. {reason}"),
    OrderEvent.RESTOCKED: _same("Its items are back on the shelf."),
    OrderEvent.LINKS_ENDED: (
        "You ended every link to this order and made a new one.",
        "The buyer ended every link to this order and made a new one.",
    ),
    OrderEvent.DOWNLOADED: ("You downloaded {name}.", "The buyer downloaded {name}."),
    OrderEvent.PARTLY_SHIPPED: _same("A part of the order was shipped by {carrier}{tracking}."),
    OrderEvent.SHIPPED: _same("It was shipped by {carrier}{tracking}."),
    OrderEvent.PARTLY_DELIVERED: _same("A parcel was delivered."),
    OrderEvent.DELIVERED: _same("It was delivered."),
    OrderEvent.PARTLY_CAME_BACK: _same("A part of what was shipped came back to the shop."),
    OrderEvent.CAME_BACK: _same("What was shipped came back to the shop."),
    OrderEvent.NOTED: _same("Note: {note}"),
    OrderEvent.MAILED: _same("A mail to the buyer is sent once more."),
    OrderEvent.READDRESSED: _same("The shop changed the address that it goes to."),
}
OF_THE_SHOP = frozenset({OrderEvent.NOTED, OrderEvent.MAILED})
"""What only the people of the shop are told."""
_ISSUES: Mapping[IssueKind, Pair] = {
    IssueKind.WRONG_AMOUNT: _same("A payment of {amount} arrived that differs from the order's total."),
    IssueKind.REFUND_REFUSED: _same("Razorpay refuses to refund {amount}: {detail}"),
    IssueKind.REFUND_FAILED: _same("The refund of {amount} failed at the bank."),
    IssueKind.UNCONFIRMED: _same("A payment has been unconfirmed for more than an hour."),
    IssueKind.UNREADABLE: _same("Razorpay does not tell about this order: {detail}"),
    IssueKind.ORPHAN: _same("Razorpay has {amount} for an order of this shop that its books do not know: recover it."),
    IssueKind.RECOVERED: _same("The order was made again from what Razorpay keeps. {detail}"),
    IssueKind.CANCEL_ASKED: ("You asked to cancel this order.{said}", "The buyer asked to cancel this order.{said}"),
    IssueKind.RETURN_ASKED: (
        "You asked to return an item of this order.{said}",
        "The buyer asked to return an item of this order.{said}",
    ),
    IssueKind.OTHER: _same("{detail}"),
}


def sentence(event: Event, reader: Reader, reasons: Mapping[str, str], issues: Mapping[str, Issue]) -> str:
    """Say what happened.

    `reasons` holds why a refund was made and why an attempt to pay failed, by their ids; `issues` the order's, by id.
    """
    if event.kind == RESOLVED:
        issue = issues[str(event.data["issue_id"])]
        return issue.note or _without_a_note(issue)
    if event.kind == OPENED:  # by what was known then: the issue may have learned more since
        issue = issues[str(event.data["issue_id"])]
        pair, said = _of_issue(IssueKind(issue.kind), event.data), issue.detail if reader is Reader.BUYER else ""
        return _fill(pair, reader, event.data, detail=issue.detail, said=said)
    reason = reasons.get(str(event.data.get("refund_id") or event.data.get("payment_id")), "")
    return _fill(_of_event(OrderEvent(event.kind), event.data), reader, event.data, reason=reason)


def _without_a_note(issue: Issue) -> str:
    """Say what ended an issue about which nobody wrote anything."""
    if issue.kind in ASKED:
        return "The refund is the shop's answer."
    return "Its money went back outside Razorpay." if issue.resolved_by else "This has solved itself."


def issue_sentence(issue: Issue) -> str:
    """Say why something waits for a person, to that person."""
    if issue.kind == IssueKind.COMPLAINT:
        return complaints.sentence(issue)
    pair = _of_issue(IssueKind(issue.kind), issue.data)
    return _fill(pair, Reader.OTHER, issue.data, detail=issue.detail, said=issue.detail)


def _of_event(kind: OrderEvent, data: Data) -> Pair:
    if kind is OrderEvent.DISPUTE:
        return _of_stage(data)
    if kind is OrderEvent.CANCELLED and data.get("replaced_by"):
        return _REPLACED
    if kind is OrderEvent.CANCELLED and data.get("why"):
        return WITHDRAWN[str(data["why"])]
    if kind is OrderEvent.REFUND and data.get("sent"):
        return _SENT_BACK
    if kind is OrderEvent.DOWNLOADED and data.get("by_link"):
        return _BY_LINK
    return _AGREED if kind is OrderEvent.CONFIRMING and data.get("authorized") else _EVENTS[kind]


def _of_issue(kind: IssueKind, data: Data) -> Pair:
    return _of_stage(data) if kind is IssueKind.DISPUTE else _ISSUES[kind]


def _of_stage(data: Data) -> Pair:
    return _STAGES.get(str(data.get("stage")), _STAGES["created"])


def _fill(pair: Pair, reader: Reader, data: Data, *, reason: str = "", detail: str = "", said: str = "") -> str:
    """Fill a sentence in for its reader; `said` are the buyer's own words, for whom they are meant."""
    known = "amount" in data
    amount = format_amount(int(data["amount"]), str(data["currency"])) if known else "an amount"
    cause = RETURN_REASONS.get(str(data.get("cause")), "")
    text = pair[0] if reader is Reader.BUYER else pair[1]
    tracking = f", tracking number {data['tracking']}" if data.get("tracking") else ""
    named = {name: data.get(name, "") for name in ("name", "carrier", "note")} | {"tracking": tracking}
    named["way"] = OTHER_WAYS[OtherWay(str(data["way"]))] if "way" in data else ""
    named["reference"] = f", reference {data['reference']}" if data.get("reference") else ""
    quoted = f" “{said}”" if said else ""
    filled = text.format(amount=amount, cause=cause, reason=reason, detail=detail, said=quoted, **named).strip()
    return filled[:1].upper() + filled[1:]
