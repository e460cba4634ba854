"""What the API tells the people of the shop of what waits for them, and what it is told of it."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from checkout_app.journal.models import Issue
from checkout_app.orders.timeline import OtherWay, issue_sentence
from checkout_app.payments.issues import OpenIssue
from checkout_app.payments.models import Refund
from checkout_app.payments.outside import LONGEST_REFERENCE

LONGEST_NOTE: Final = 300


class IssuePayment(BaseModel):
    """One attempt to pay the issue's order; amounts in minor units, `purpose` says what its money is for."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: str
    purpose: str
    amount: int
    amount_refunded: int
    currency: str


class IssueBody(BaseModel):
    """One thing that waits for a person: `message` says what, the rest which order it is about.

    It is about none where money came for an order that the books do not know.
    """

    id: str
    kind: str
    message: str
    opened_at: datetime
    order_id: str | None = None
    number: str | None = None
    status: str | None = None
    email: str | None = None
    amount: int | None = None
    currency: str | None = None
    payments: list[IssuePayment] = []

    @classmethod
    def of(cls, found: OpenIssue) -> Self:
        """Describe one."""
        issue, order = found.issue, found.order
        about = cls(id=issue.id, kind=issue.kind, message=issue_sentence(issue), opened_at=issue.created_at)
        if order is not None:
            about.order_id, about.number, about.status, about.email = order.id, order.number, order.status, order.email
            about.amount, about.currency = order.amount, order.currency
            about.payments = [IssuePayment.model_validate(payment) for payment in found.payments]
        return about


class IssuePage(BaseModel):
    """Some open issues, the oldest first, and the cursor of the next ones."""

    items: list[IssueBody]
    next_cursor: str | None


class Resolution(BaseModel):
    """What a person did about an issue, in words that the buyer reads too."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE)]


class Outside(BaseModel):
    """By what way money went back outside Razorpay, and what the buyer finds it by."""

    way: OtherWay
    reference: Annotated[str, StringConstraints(max_length=LONGEST_REFERENCE)] = ""


class SentOutside(BaseModel):
    """Money that went back outside Razorpay, in minor units; `id` is its refund's."""

    id: str
    order_id: str
    payment_id: str
    amount: int
    currency: str
    way: OtherWay
    reference: str

    @classmethod
    def of(cls, refund: Refund, way: OtherWay) -> Self:
        """Describe it."""
        told = refund.model_dump(include=set(cls.model_fields))
        return cls(**told, way=way, reference=refund.bank_reference or "")


class Recovered(BaseModel):
    """An order that was made again."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    number: str
    status: str
    amount: int
    currency: str


class Resolved(BaseModel):
    """An issue that waits no longer."""

    id: str
    kind: str
    note: str
    resolved_at: datetime | None

    @classmethod
    def of(cls, issue: Issue) -> Self:
        """Describe one."""
        return cls(id=issue.id, kind=issue.kind, note=issue.note, resolved_at=issue.resolved_at)
