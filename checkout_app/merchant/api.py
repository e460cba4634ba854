"""What the shopkeeper reads over HTTP: who did what, and what the pages of the back office show."""

import json
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal import audit
from checkout_app.journal.audit import Entry
from checkout_app.merchant.audit import message
from checkout_app.merchant.content import content
from checkout_app.shopfront.service import LONGEST_ADDRESS

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


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
