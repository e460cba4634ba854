"""Who writes what to whom, and that it is sent once.

A mail follows an event: the row is there as soon as the event is followed, and what it says is made when it is sent. A
server that took it is not asked again: the row says so before anything else is done. Only where the shop dies between
the two, or the server's answer is lost, does the same mail go twice, under the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, delete, select, update

from checkout_app.accounts.visits import THEIRS
from checkout_app.auth.models import User
from checkout_app.core import clock, database, due
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.core.trouble import Trouble
from checkout_app.journal import followers
from checkout_app.journal.followers import Follower
from checkout_app.journal.models import Event, Subject
from checkout_app.mail import letters, post
from checkout_app.mail.letters import Envelope, Letter
from checkout_app.mail.models import Mail
from checkout_app.mail.post import Way
from checkout_app.orders.models import Order
from checkout_app.seller.presentation import presentation

log = structlog.stdlib.get_logger(__name__)

LADDER: Final = due.Ladder(
    pauses=tuple(timedelta(seconds=seconds) for seconds in (120, 120, 600, 1800, 3600, 10800)),
    lease=timedelta(minutes=2),
)
"""No pause is shorter than the lease, and a code is good for ten minutes."""
GIVEN_UP_AFTER: Final = timedelta(days=3)
"""A mail that is so late says nothing that anybody still wants to know."""

_MAILS: Final = Counter("shop_mails", "Mails sent, and refused for good", ["what"], registry=REGISTRY)
_THEIR_ORDERS: Final = Statement[tuple[str, str]](select(Order.id, Order.email).where(col(Order.buyer_id).in_(THEIRS)))
_PAUSE: Final = 0.5
"""Seconds until it is written down again what the database did not take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail: what it follows, to which mailboxes it goes, and what it says to one of them.

    `write` answers None when there is nothing to say any more.
    """

    name: str
    follows: Collection[str]
    recipients: Callable[[Event], Awaitable[Sequence[str]]]
    write: Callable[[Event, str], Awaitable[Letter | None]]


_kinds: dict[str, Kind] = {}


def take_on(kinds: Sequence[Kind]) -> None:
    """Write these kinds of mail from now on; for every process that writes down what they follow."""
    _kinds.update({kind.name: kind for kind in kinds})
    followers.register(_follower())


def running() -> AbstractAsyncContextManager[None]:
    """Follow what happens, and send mails, for the length of a block."""
    return due.working([followers.work(_follower()), WORK])


def _follower() -> Follower:
    return Follower("mail", {event for kind in _kinds.values() for event in kind.follows}, _follow)


async def _follow(event: Event) -> None:
    """Begin the mails of an event, each once however often it is followed."""
    now = clock.now()
    wanted = [kind for kind in _kinds.values() if event.kind in kind.follows]
    mails = [
        Mail(event_id=event.id, kind=kind.name, email=email, due_at=now)
        for kind in wanted
        for email in await kind.recipients(event)
    ]
    if not mails:
        return
    async with database.write() as session:
        for mail in mails:
            await database.insert_new(session, mail)
    WORK.wake()


async def send_due() -> int:
    """Send the mails that are due over one connection; returns how many left."""
    async with post.way_out() as way:
        return await due.drain(Mail, LADDER, partial(_send, way), _is_known())


def _is_known() -> Any:
    """Leave a mail to the program that began it, where this one does not know its kind: a release is under way."""
    return col(Mail.kind).in_(sorted(_kinds))


async def _send(way: Way, mail: Mail) -> bool:
    """Send one mail; answers whether it left."""
    if mail.created_at < clock.now() - GIVEN_UP_AFTER:
        return await _give_up(mail, "it could not be sent for days")
    letter = await _written(mail)
    if letter is None:
        await _end(mail)
        return False
    shop = await presentation()
    envelope = Envelope(mail.id, mail.email, mail.created_at)
    sender = settings().mail_from
    message = letters.message(letter, envelope, sender=sender, shop=shop.name, accent=shop.accent)
    try:
        await way.send(mail.id, message, mail.due_at)
    except post.Undeliverable as refusal:
        return await _give_up(mail, str(refusal))
    except post.Later as refusal:
        log.warning("mail waits for its server", mail_id=mail.id, kind=mail.kind, failure=str(refusal))
        return False
    await _mark(mail)
    _MAILS.labels("sent").inc()
    log.info("mail sent", mail_id=mail.id, kind=mail.kind)
    return True


async def _give_up(mail: Mail, failure: str) -> bool:
    """Let a mail go nowhere, and say why; answers that it did not leave."""
    log.warning("mail went nowhere", mail_id=mail.id, kind=mail.kind, failure=failure)
    await _end(mail, failure=failure)
    _MAILS.labels("refused").inc()
    return False


async def _written(mail: Mail) -> Letter | None:
    """Write what a mail says; None when there is nothing to say any more."""
    async with database.ask() as session:
        event = await session.get_one(Event, mail.event_id)
    return await _kinds[mail.kind].write(event, mail.email)


async def _mark(mail: Mail) -> None:
    """Write down that a mail was sent, again and again until the database takes it: else it would go twice."""
    trouble = Trouble()
    while True:
        try:
            await _end(mail, sent=True)
        except (SQLAlchemyError, TimeoutError) as error:
            trouble.met(error)
            await asyncio.sleep(_PAUSE)
        else:
            return trouble.over()


async def _end(mail: Mail, *, sent: bool = False, failure: str = "") -> None:
    """Let nothing more be done for a mail."""
    ended = {"due_at": None, "sent_at": clock.now() if sent else None, "failure": failure[:200]}
    async with database.write() as session:
        await session.exec(update(Mail).where(col(Mail.id) == mail.id).values(**ended))


async def forget(before: datetime) -> int:
    """Forget the mails that were done with before a moment: each names a mailbox; returns how many they were."""
    async with database.write() as session:
        old = delete(Mail).where(col(Mail.created_at) < before, col(Mail.due_at).is_(None))
        return (await session.exec(old)).rowcount


async def forget_account(session: Session, user: User) -> None:
    """Forget every mail to an account's mailbox, sent or not, and to any other about the account or its orders."""
    about_it = select(Event.id).where(Event.subject == Subject.ACCOUNT, Event.subject_id == user.id)
    told = list((await session.exec(about_it)).all())
    for theirs in (col(Mail.email) == user.email, col(Mail.event_id).in_(told)):  # each by an index of its own
        await session.exec(delete(Mail).where(theirs))
    ordered = (await session.exec(_THEIR_ORDERS, user=user.id)).all()
    about_orders = select(Event.id).where(
        Event.subject == Subject.ORDER, col(Event.subject_id).in_([order_id for order_id, _ in ordered])
    )
    to_them = col(Mail.email).in_({email for _, email in ordered})
    await session.exec(delete(Mail).where(to_them, col(Mail.event_id).in_(about_orders)))


WORK = due.Work("mails", lambda: send_due(), lambda: due.next_due(Mail, _is_known()))  # noqa: PLW0108 - looked up then
