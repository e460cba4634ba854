"""What waits for a person, over HTTP, and what they did about it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal.actors import Actor
from checkout_app.merchant.needs.bodies import IssueBody, IssuePage, Resolution, Resolved
from checkout_app.payments import issues

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


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
