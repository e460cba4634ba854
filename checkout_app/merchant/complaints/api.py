"""Complaints over HTTP, for the people of the shop; what answers one is `POST /api/merchant/issues/{id}/resolve`."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core import ids
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.seller.complaints import service
from checkout_app.seller.complaints.service import Clocks, Handled

router = APIRouter(prefix="/api/merchant/complaints", tags=["merchant"])


class HandledBody(BaseModel):
    """A complaint: by when it is to be answered and settled; `answered_at` is null as long as `issue_id` waits."""

    number: str
    issue_id: str
    made_at: datetime
    name: str
    email: str
    order_number: str
    words: str
    answer_by: datetime
    settle_by: datetime
    answered_at: datetime | None
    answer: str

    @classmethod
    def of(cls, handled: Handled) -> Self:
        """Describe one."""
        complaint, issue = handled.complaint, handled.issue
        due = Clocks.of(complaint.created_at)
        said = complaint.model_dump(include={"number", "name", "email", "order_number", "words"})
        return cls(
            **said,
            issue_id=issue.id,
            made_at=complaint.created_at,
            answer_by=due.answer_by,
            settle_by=due.settle_by,
            answered_at=issue.resolved_at,
            answer=issue.note,
        )


class ComplaintsBody(BaseModel):
    """Some complaints, the newest first, and the cursor of the next ones."""

    items: list[HandledBody]
    next_cursor: str | None


@router.get("", **guard.open_to(Caller.SHOP))
async def list_complaints(
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> ComplaintsBody:
    """List complaints with what became of them."""
    page = await service.complaints(cursor=cursor, limit=limit)
    return ComplaintsBody(items=[HandledBody.of(handled) for handled in page.items], next_cursor=page.next_cursor)
