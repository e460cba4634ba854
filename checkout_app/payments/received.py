"""The gateway's messages as they were kept: read by people, and handled again when one says so."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Integer
from sqlmodel import bindparam, col, or_, select

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject
from checkout_app.payments import webhooks
from checkout_app.payments.errors import WebhookForgotten, WebhookNotFound
from checkout_app.payments.models import LONGEST_WEBHOOK_ID, WebhookEvent

AGAIN: Final = "handled_again"
"""What the journal calls it that somebody had a message handled again."""
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_LONGEST_SUBJECT: Final = 40

log = structlog.stdlib.get_logger(__name__)


class Received(NamedTuple):
    """A message without its words; `due_at` is when it is handled next, `whole` whether its words are still kept."""

    id: str
    event: str
    created_at: datetime
    handled_at: datetime | None
    due_at: datetime | None
    attempts: int
    whole: bool

    @classmethod
    def of(cls, row: WebhookEvent) -> "Received":
        """Leave the words of a message out."""
        return cls(row.id, row.event, row.created_at, row.handled_at, row.due_at, row.attempts, row.body != "")


_TABLE: Final = (
    *(getattr(WebhookEvent, name) for name in Received._fields[:6]),
    (col(WebhookEvent.body) != "").label("whole"),
)
_NEWEST: Final[Statement[tuple[Any, ...]]] = Statement(
    select(*_TABLE)
    .where(
        col(WebhookEvent.created_at) <= bindparam("at"),
        or_(col(WebhookEvent.created_at) < bindparam("at"), col(WebhookEvent.id) < bindparam("cursor")),
    )
    .order_by(col(WebhookEvent.created_at).desc(), col(WebhookEvent.id).desc())
    .limit(bindparam("limit", type_=Integer))
)
_CAME: Final = Statement[datetime](select(WebhookEvent.created_at).where(WebhookEvent.id == bindparam("id")))


async def messages(*, cursor: str | None = None, limit: int = 50) -> Page[Received]:
    """List the messages, the newest first; the cursor is the id of the last one of the page before.

    Raises InvalidInput for a cursor that is none.
    """
    at = _LAST if cursor is None else await _came(cursor)
    async with database.ask() as session:
        found = await session.exec(_NEWEST, at=at, cursor=cursor or "", limit=limit + 1)
        rows = [Received._make(values) for values in found]
    return page_of(rows, limit, [row.id for row in rows])


async def message(message_id: str) -> WebhookEvent:
    """Return a message with its words, which are empty once they were forgotten; raises WebhookNotFound."""
    if len(message_id) > LONGEST_WEBHOOK_ID:
        raise WebhookNotFound
    async with database.ask() as session:
        found = await session.get(WebhookEvent, message_id)
    if found is None:
        raise WebhookNotFound
    return found


async def handle_again(message_id: str, by: Actor) -> WebhookEvent:
    """Let a message be handled now, as if it had just come; one that is due already stays so.

    That does no harm: what it says is read again from the gateway. Raises WebhookNotFound, and WebhookForgotten.
    """
    await message(message_id)
    now = clock.now()
    async with database.write() as session:
        [found] = await database.lock(session, WebhookEvent, [message_id])
        if not found.body:
            raise WebhookForgotten
        if found.due_at is None or found.due_at > now:
            found.due_at, found.attempts, found.handled_at = now, 0, None
            about = {"webhook_id": found.id, "event": found.event}
            await journal.record(session, Subject.WEBHOOK, found.id[:_LONGEST_SUBJECT], AGAIN, by, **about)
            log.info("webhook to be handled again", event_id=found.id, webhook=found.event)
    webhooks.WORK.wake()
    return found


async def _came(message_id: str) -> datetime:
    async with database.ask() as session:
        if (at := (await session.exec(_CAME, id=message_id)).first()) is None:
            raise InvalidInput({"cursor": "There is no such message."})
    return at
