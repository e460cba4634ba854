"""What Razorpay told, over HTTP, and handling it again."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.described import Answers, refusal
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal.actors import Actor
from checkout_app.merchant.webhooks.bodies import MessageBody, MessagePage, WholeMessageBody
from checkout_app.payments import received
from checkout_app.payments.models import LONGEST_WEBHOOK_ID
from checkout_app.payments.received import Received
from checkout_app.payments.webhooks import PAYMENT_ID

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_UNKNOWN: Final[Answers] = {404: refusal("There is no such message.")}
_GONE: Final[Answers] = {**_UNKNOWN, 409: refusal("Its words are not kept any more.")}
_Id = Annotated[str, Path(max_length=LONGEST_WEBHOOK_ID)]


@router.get("/webhooks", **guard.open_to(Caller.SHOP))
async def list_messages(
    cursor: Annotated[str | None, Query(max_length=LONGEST_WEBHOOK_ID)] = None,
    payment_id: Annotated[str | None, Query(pattern=rf"^{PAYMENT_ID}$")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> MessagePage:
    """List what Razorpay told, the newest first, without the words; or what speaks of a payment, as it came.

    Of what speaks of a payment a page can have less than was asked for, and still a cursor: the search goes on there.
    """
    if payment_id is None:
        page = await received.messages(cursor=cursor, limit=limit)
    else:
        page = await received.messages_about(payment_id, cursor=cursor, limit=limit)
    return MessagePage(items=[MessageBody.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/webhooks/{webhook_id}", **guard.open_to(Caller.SHOP, _UNKNOWN))
async def get_message(webhook_id: _Id) -> WholeMessageBody:
    """Show a message with what it says."""
    return WholeMessageBody.of_row(await received.message(webhook_id))


@router.post("/webhooks/{webhook_id}/handle", **guard.open_to(Caller.OWNER, _GONE))
async def handle_message(webhook_id: _Id, owner: Annotated[Identity, Depends(guard.owner)]) -> MessageBody:
    """Let a message be handled again, at once; however often, it does what it would have done the first time."""
    return MessageBody.of(Received.of(await received.handle_again(webhook_id, Actor.of(owner))))
