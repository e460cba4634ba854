"""What a person can do about each thing that waits for them: two ways at most, the better one first."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import balance, disputes
from checkout_app.payments.issues import OpenIssue


class Way(StrEnum):
    """What can be done."""

    REFUND = "refund"
    OUTSIDE = "outside"
    """Say that it went back by another way than Razorpay's."""
    RECOVER = "recover"
    """Make the order again that the books lost."""
    CHOOSE = "choose"
    """Refund some of the order on its own page, where its lines are."""
    ANSWER = "answer"
    """Answer the bank in Razorpay's dashboard."""
    DECLINE = "decline"
    """Tell the buyer no, and why."""
    READ = "read"
    """Read a complaint where it is, and answer it there."""
    NOTE = "note"
    """Say what was done."""


MOST: Final = 2
WAYS: Final[Mapping[IssueKind, Sequence[Way]]] = {
    IssueKind.WRONG_AMOUNT: (Way.REFUND, Way.NOTE),
    IssueKind.REFUND_REFUSED: (Way.OUTSIDE, Way.NOTE),
    IssueKind.REFUND_FAILED: (Way.REFUND, Way.CHOOSE, Way.OUTSIDE, Way.NOTE),
    IssueKind.UNCONFIRMED: (Way.NOTE,),
    IssueKind.UNREADABLE: (Way.NOTE,),
    IssueKind.DISPUTE: (Way.ANSWER, Way.NOTE),
    IssueKind.ORPHAN: (Way.RECOVER, Way.NOTE),
    IssueKind.RECOVERED: (Way.REFUND, Way.NOTE),
    IssueKind.COMPLAINT: (Way.READ,),
    IssueKind.CANCEL_ASKED: (Way.REFUND, Way.DECLINE),
    IssueKind.RETURN_ASKED: (Way.CHOOSE, Way.DECLINE),
    IssueKind.OTHER: (Way.NOTE,),
}
"""By kind of issue. Of these, those are offered that the money allows as it stands."""


def ways_of(found: OpenIssue) -> Sequence[Way]:
    """Return what can be done about an issue now."""
    return [way for way in WAYS[IssueKind(found.issue.kind)] if _OPEN[way](found)][:MOST]


def _goes_back(found: OpenIssue) -> bool:
    return balance.returnable(found) is not None


def _is_chosen(found: OpenIssue) -> bool:
    """Tell whether something of the order goes back by its lines: an amount would be of none."""
    if found.issue.kind == IssueKind.REFUND_FAILED:
        return found.in_parts and _goes_back(found)
    return found.order is not None


def _can_be_answered(found: OpenIssue) -> bool:
    return found.dispute is not None and found.dispute.stage in disputes.ANSWERABLE


def _is_placed(found: OpenIssue) -> bool:
    return not balance.is_unplaced(found)


_OPEN: Final[Mapping[Way, Callable[[OpenIssue], bool]]] = {
    Way.REFUND: lambda found: _goes_back(found) and not found.in_parts,
    Way.OUTSIDE: _goes_back,
    Way.RECOVER: lambda found: found.order is None,
    Way.CHOOSE: _is_chosen,
    Way.ANSWER: _can_be_answered,
    Way.DECLINE: _is_placed,
    Way.READ: lambda _: True,
    Way.NOTE: _is_placed,
}
"""When each is open: what would be refused is not offered."""
