"""Mails to the buyer of an order: what became of each, and one of them once more, for who did not get it.

To be sent again is an event of the order, which a mail follows as it follows any other. So it is sent once, and says
what is so by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.accounts.service import can_mail
from checkout_app.core import clock, database
from checkout_app.core.errors import RateLimited
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Event
from checkout_app.mail import sales
from checkout_app.mail.errors import MailNotFound, NoMail
from checkout_app.mail.letters import Letter
from checkout_app.mail.models import Mail
from checkout_app.mail.service import Kind
from checkout_app.orders import by_shop
from checkout_app.orders import service as orders
from checkout_app.orders.moves import OrderEvent

MOST: Final = 3
"""As many an order in the time that follows."""
WITHIN: Final = timedelta(days=1)
_AGAIN: Final = "again"
_MAILS: Final = Statement[Mail](
    select(Mail)
    .where(col(Mail.event_id).in_(bindparam("events", expanding=True)), Mail.kind != bindparam("but"))
    .order_by(col(Mail.id))
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that the buyer is told of by a mail of a kind, and the newest of these, None where none is known."""

    event: Event
    kind: str
    mail: Mail | None


async def told(session: Session, events: Sequence[Event]) -> Sequence[Told]:
    """Say what the buyer of an order was told by mail of what happened to it, oldest first."""
    kinds = {event.id: kind.name for event in events if (kind := sales.of_buyer(event))}
    about = {event.id: event.id for event in events if event.id in kinds}
    about |= {event.id: str(event.data["event_id"]) for event in events if event.kind == OrderEvent.MAILED}
    newest: dict[str, Mail] = {}
    for mail in await session.exec(_MAILS, events=list(about), but=sales.NEW_ORDER) if about else ():
        newest[about[mail.event_id]] = mail
    return [Told(event, kinds[event.id], newest.get(event.id)) for event in events if event.id in kinds]


async def send_again(order_id: str, event_id: str, *, request_key: str, by: Actor) -> None:
    """Have the mail about an event of an order sent to its buyer once more; the same key again sends no other.

    Raises OrderNotFound, MailNotFound, NoMail, and RateLimited for more than MOST of an order WITHIN a day.
    """
    async with database.write() as session:
        order = await by_shop.locked(session, order_id)
        events = {event.id: event for event in await orders.timeline(session, order_id)}
        if event_id not in events or not sales.of_buyer(events[event_id]):
            raise MailNotFound
        if not can_mail() or not await sales.mailbox(session, order):
            raise NoMail
        before = [event for event in events.values() if event.kind == OrderEvent.MAILED]
        if any(event.data["key"] == request_key for event in before):
            return
        _require_few(before)
        await orders.record(session, order, OrderEvent.MAILED, by, event_id=event_id, key=request_key)


def _require_few(before: Sequence[Event]) -> None:
    lately = [event.created_at for event in before if event.created_at > clock.now() - WITHIN]
    if len(lately) >= MOST:
        raise RateLimited(int((lately[-MOST] + WITHIN - clock.now()).total_seconds()) + 1)


async def _once_more(event: Event, email: str) -> Letter | None:
    """Write what the mail that is asked for says by now."""
    async with database.ask() as session:
        about = await session.get_one(Event, str(event.data["event_id"]))
    kind = sales.of_buyer(about)
    return await kind.write(about, email) if kind else None


KIND: Final = Kind(_AGAIN, {OrderEvent.MAILED}, sales.buyer, _once_more)
