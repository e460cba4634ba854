"""The gateway's messages as they were kept: read by people, and handled again when one says so."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Integer
from sqlmodel import and_, bindparam, col, or_, select

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject
from checkout_app.orders.models import Order
from checkout_app.payments import webhooks
from checkout_app.payments.errors import WebhookForgotten, WebhookNotFound
from checkout_app.payments.models import LONGEST_WEBHOOK_ID, Payment, WebhookEvent

AGAIN: Final = "handled_again"
"""What the journal calls it that somebody had a message handled again."""
REACH: Final = 5_000
"""How many messages are looked through for a page of those about a payment, which no index knows."""
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
_LATER: Final = or_(
    col(WebhookEvent.created_at) > bindparam("at"),
    and_(col(WebhookEvent.created_at) == bindparam("at"), col(WebhookEvent.id) > bindparam("cursor")),
)
_IN_TURN: Final = (col(WebhookEvent.created_at), col(WebhookEvent.id))
_REACHED: Final[Statement[Any]] = Statement(
    select(WebhookEvent.created_at, WebhookEvent.id)
    .where(col(WebhookEvent.created_at) >= bindparam("at"), _LATER)
    .order_by(*_IN_TURN)
    .limit(1)
    .offset(REACH)
)
"""Finds the message at which the search for one page ends."""
_ABOUT: Final[Statement[tuple[Any, ...]]] = Statement(
    select(*_TABLE)
    .where(
        *(col(WebhookEvent.created_at) >= bindparam("at"), _LATER),
        col(WebhookEvent.created_at) <= bindparam("end"),
        or_(col(WebhookEvent.created_at) < bindparam("end"), col(WebhookEvent.id) <= bindparam("last")),
        col(WebhookEvent.body).like(bindparam("said")),
    )
    .order_by(*_IN_TURN)
    .limit(bindparam("limit", type_=Integer))
)
_BEGAN: Final = Statement[datetime](
    select(Order.created_at).join(Payment, col(Payment.order_id) == col(Order.id)).where(Payment.id == bindparam("id"))
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


async def messages_about(payment_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[Received]:
    """List the messages that speak of a payment of ours, as they came; the cursor is the id that the next come after.

    They are looked for from when its order was placed, and only among those whose words are still kept. A page may have
    less than there is place for, and still a cursor. Raises InvalidInput for a payment or a cursor that is none.
    """
    async with database.ask() as session:
        if (at := (await session.exec(_BEGAN, id=payment_id)).first()) is None:
            raise InvalidInput({"payment_id": "No order of this shop has such a payment."})
    if cursor is not None:
        at = await _came(cursor)
    since = {"at": at, "cursor": cursor or ""}
    async with database.ask() as session:
        end, last = (await session.exec(_REACHED, **since)).first() or (_LAST, "")
    async with database.ask() as session:
        said = f'%"{payment_id}"%'
        found = await session.exec(_ABOUT, **since, end=end, last=last, said=said, limit=limit + 1)
        rows = [Received._make(values) for values in found]
    page = page_of(rows, limit, [row.id for row in rows])
    return Page(page.items, page.next_cursor or last or None)


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
