"""What the shopkeeper does over HTTP: issues that wait for a person, and who did what."""

import json
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal import audit
from checkout_app.journal.actors import Actor
from checkout_app.journal.audit import Entry
from checkout_app.journal.models import Issue
from checkout_app.merchant.audit import message
from checkout_app.merchant.content import content
from checkout_app.orders.timeline import issue_sentence
from checkout_app.payments import issues
from checkout_app.payments.issues import OpenIssue
from checkout_app.shopfront.service import LONGEST_ADDRESS

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


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

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


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


class AuditEntry(BaseModel):
    """Something that was done: what about (`subject`, `subject_id`), by whom, and with which figures or words.

    `actor` is what kind of somebody it was; `actor_id` and `actor_email` are empty where nobody is known.
    """

    id: str
    at: datetime
    kind: str
    message: str
    subject: str
    subject_id: str
    actor: str
    actor_id: str | None
    actor_email: str | None
    data: dict[str, str | int]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Describe one."""
        event, by = entry.event, entry.by
        return cls(
            **event.model_dump(include=set(cls.model_fields) - {"at", "message", "actor_email"}),
            at=event.created_at,
            message=message(event),
            actor_email=by.email if by else None,
        )


class AuditPage(BaseModel):
    """Some entries of the audit log, the newest first, and the cursor of the next ones."""

    items: list[AuditEntry]
    next_cursor: str | None


@router.get("/issues", **guard.open_to(Caller.SHOP))
async def list_issues(
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> IssuePage:
    """List what waits for a person."""
    async with database.read() as session:
        page = await issues.open_issues(session, cursor=cursor, limit=limit)
    return IssuePage(items=[IssueBody.of(found) for found in page.items], next_cursor=page.next_cursor)


@router.post("/issues/{issue_id}/resolve", status_code=201, **guard.open_to(Caller.OWNER))
async def resolve_issue(issue_id: str, body: Resolution, owner: Annotated[Identity, Depends(guard.owner)]) -> Resolved:
    """Say what was done about an issue; refused while its order's money is in no place."""
    return Resolved.of(await issues.resolve(issue_id, body.note, Actor.of(owner)))


@router.get("/audit", **guard.open_to(Caller.OWNER))
async def list_audit(
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> AuditPage:
    """List who did what to accounts, money given back, and what the shop says of itself."""
    page = await audit.entries(cursor=cursor, limit=limit)
    return AuditPage(items=[AuditEntry.of(entry) for entry in page.items], next_cursor=page.next_cursor)


@router.get("/pages/data", include_in_schema=False, **guard.open_to(Caller.SHOP))
async def page_data(
    path: Annotated[str, Query(max_length=LONGEST_ADDRESS)], person: Annotated[Identity, Depends(guard.shop)]
) -> Response:
    """Tell what is on the page of an address of the back office, under that address."""
    parts = urlsplit(path)
    found = await content(unquote(parts.path), parse_qs(parts.query), person)
    body = b"{%b:%b}" % (json.dumps(path).encode(), found.data)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
