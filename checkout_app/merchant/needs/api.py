"""What waits for a person, over HTTP, and what they did about it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import database, ids
from checkout_app.core.described import Answers, refusal
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal.actors import Actor
from checkout_app.merchant.needs.bodies import (
    IssueBody,
    IssuePage,
    Outside,
    Recovered,
    Resolution,
    Resolved,
    SentOutside,
)
from checkout_app.payments import issues, outside
from checkout_app.payments.recovery import one as recovery

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_LOST: Final[Answers] = {
    404: refusal("There is no such issue, or none about an order that the books do not know."),
    409: refusal("Nobody can say any more what the order was, or it was resolved otherwise."),
}
_NOT_SO: Final[Answers] = {
    404: refusal("There is no such issue, or none about a refund."),
    409: refusal("It is resolved, or nothing of it is left to go back."),
}


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


@router.post("/issues/{issue_id}/recover", status_code=201, **guard.open_to(Caller.OWNER, _LOST))
async def recover_order(issue_id: str, owner: Annotated[Identity, Depends(guard.owner)]) -> Recovered:
    """Make the order again that Razorpay has money for and the books lost; what it was paid with is settled as always.

    Nothing goes back by it: money that does not pay the order waits as an issue of its own.
    """
    return Recovered.model_validate(await recovery.recover(issue_id, Actor.of(owner)))


@router.post("/issues/{issue_id}/outside", status_code=201, **guard.open_to(Caller.OWNER, _NOT_SO))
async def write_down_outside(
    issue_id: str, body: Outside, owner: Annotated[Identity, Depends(guard.owner)]
) -> SentOutside:
    """Say that the money of a refund that Razorpay does not carry out went back by another way; it resolves the issue.

    409 `refund_refused` when it has gone back since, or Razorpay is being asked for it at this moment.
    """
    sent = await outside.write_down(issue_id, body.way, body.reference, Actor.of(owner))
    return SentOutside.of(sent, body.way)
