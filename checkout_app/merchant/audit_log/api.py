"""The audit log over HTTP, for the owners of the shop."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core import ids, spreadsheets
from checkout_app.core.described import Answers
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.spreadsheets import Cell
from checkout_app.journal import audit
from checkout_app.journal.audit import Entry
from checkout_app.merchant.audit_log import search
from checkout_app.merchant.audit_log.search import Group
from checkout_app.merchant.audit_log.sentences import message
from checkout_app.merchant.orders.search import LONGEST_SEARCH

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_COLUMNS: Final = (
    *("at", "message", "kind", "subject", "subject_id", "subject_email"),
    *("actor", "actor_id", "actor_email"),
)
_A_TABLE: Final[Answers] = {200: {"description": "The table.", "content": {spreadsheets.MEDIA_TYPE: {}}}}
_By = Annotated[str, Query(max_length=ids.ID_LENGTH)]
_About = Annotated[str, Query(max_length=LONGEST_SEARCH)]


class AuditEntry(BaseModel):
    """Something that was done: what about (`subject`, `subject_id`), by whom, and with which figures or words.

    `actor` is what kind of somebody it was; `actor_id` and `actor_email` are empty where nobody is known, and
    `subject_email` where it is about no account.
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
    subject_email: str | None
    data: dict[str, str | int]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Describe one."""
        event, by = entry.event, entry.by
        return cls(
            **event.model_dump(include=set(cls.model_fields) - {"at", "message", "actor_email", "subject_email"}),
            at=event.created_at,
            message=message(event),
            actor_email=by.email if by else None,
            subject_email=entry.whose,
        )


class AuditPage(BaseModel):
    """Some entries of the audit log, the newest first, and the cursor of the next ones."""

    items: list[AuditEntry]
    next_cursor: str | None


@router.get("/audit", **guard.open_to(Caller.OWNER))
async def list_audit(
    group: Group = Group.ALL,
    by: _By = "",
    about: _About = "",
    day: date | None = None,
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> AuditPage:
    """List who did what to accounts, money given back, and what the shop says of itself.

    `by` is somebody's id, or what kind of somebody; `about` an order's number, which finds its refunds too, an e-mail
    address, a coupon, or an id; `day` one in India. A page can have less than was asked for, or nothing, and still a
    cursor: the search goes on there.
    """
    page = await audit.entries(await search.read(group, by, about, day), cursor=cursor, limit=limit)
    return AuditPage(items=[AuditEntry.of(entry) for entry in page.items], next_cursor=page.next_cursor)


@router.get("/audit.csv", response_class=StreamingResponse, **guard.open_to(Caller.OWNER, _A_TABLE))
async def get_audit_table(
    group: Group = Group.ALL, by: _By = "", about: _About = "", day: date | None = None
) -> StreamingResponse:
    """Hand over the same list as CSV, its newest 10,000 entries at most."""
    pages = partial(audit.entries, await search.read(group, by, about, day), limit=spreadsheets.PAGE)
    headers = {"Content-Disposition": f'attachment; filename="audit-{group}.csv"', "Cache-Control": "no-store"}
    table = spreadsheets.table(_COLUMNS, await pages(), pages, _cells)
    return StreamingResponse(table, media_type=spreadsheets.MEDIA_TYPE, headers=headers)


def _cells(entry: Entry) -> list[Cell]:
    """Return the cells of an entry."""
    told = AuditEntry.of(entry).model_dump(mode="json", include=set(_COLUMNS))
    return [told[name] or "" for name in _COLUMNS]
