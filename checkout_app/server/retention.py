"""What nobody needs any more goes, every night, after as many days as the shopkeeper has said.

Rows that are about money stay: what is sold and paid is kept for as long as there is a shop. Of the gateway's messages
the row stays too, by which a repetition is known, but not its words.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import structlog
from sqlmodel import col, delete, exists, or_, select, update

from checkout_app.auth.models import Role, User, UserSession
from checkout_app.core import clock, database, due, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.orders.models import Order
from checkout_app.payments.models import WebhookEvent
from checkout_app.seller import keeping

log = structlog.stdlib.get_logger(__name__)

NAME: Final = "retention"
PACE: Final = timedelta(minutes=10)
LEASE: Final = timedelta(hours=1)
NIGHT: Final = time(21, 30, tzinfo=UTC)
"""When it is done: at three in the morning in India, an hour after the backup."""
AT_ONCE: Final = 500
"""Rows in one transaction, so that nobody waits for them."""

Forget = Callable[[Session, list[str]], Awaitable[None]]


def running() -> AbstractAsyncContextManager[None]:
    """Look every night for the length of a block."""
    return due.working([WORK])


async def come() -> None:
    """Let go of what is old if a night has begun since that was done last."""
    await rounds.come_round(NAME, PACE, _come, lease=LEASE)


async def _come(last: Round) -> bool:
    began = clock.now()
    if rounds.is_night(last, began, NIGHT):
        log.info("what is old is gone", **await let_go())
        last.reached = began
    return True


async def let_go() -> dict[str, int]:
    """Let go of everything that is older than it is kept for; returns how many rows of each kind that were."""
    days, now = await keeping.kept_for(), clock.now()
    sign_ins, guests, messages = (now - timedelta(days=number) for number in days)
    return {
        "sign_ins": await _each(UserSession.id, _has_ended_before(sign_ins), _forget_sign_ins),
        "guests": await _each(User.id, _left_with_nothing_before(guests, now), _forget_guests),
        "messages": await _each(WebhookEvent.id, _was_handled_before(messages), _forget_words),
    }


async def _each(key: Any, condition: Any, forget: Forget) -> int:
    """Forget the rows that meet a condition, some at a time, in the order of their keys; returns how many they were."""
    count, last = 0, ""
    while True:
        some = select(key).where(key > last, condition).order_by(key).limit(AT_ONCE)
        async with database.write() as session:
            keys = list((await session.exec(some)).all())
            if keys:
                await forget(session, keys)
        count += len(keys)
        if len(keys) < AT_ONCE:
            return count
        last = keys[-1]


def _has_ended_before(moment: datetime) -> Any:
    return or_(col(UserSession.expires_at) < moment, col(UserSession.revoked_at) < moment)


def _left_with_nothing_before(moment: datetime, now: datetime) -> Any:
    """Tell guests who ordered nothing and can't any more."""
    signed_in = exists().where(
        col(UserSession.user_id) == col(User.id),
        col(UserSession.revoked_at).is_(None),
        col(UserSession.expires_at) > now,
    )
    ordered = exists().where(col(Order.buyer_id) == col(User.id))
    return (col(User.role) == Role.GUEST) & (col(User.created_at) < moment) & ~signed_in & ~ordered


def _was_handled_before(moment: datetime) -> Any:
    return (col(WebhookEvent.handled_at) < moment) & (col(WebhookEvent.body) != "")


async def _forget_sign_ins(session: Session, keys: list[str]) -> None:
    await session.exec(delete(UserSession).where(col(UserSession.id).in_(keys)))


async def _forget_guests(session: Session, keys: list[str]) -> None:
    await session.exec(delete(UserSession).where(col(UserSession.user_id).in_(keys)))
    await session.exec(delete(User).where(col(User.id).in_(keys)))


async def _forget_words(session: Session, keys: list[str]) -> None:
    await session.exec(update(WebhookEvent).where(col(WebhookEvent.id).in_(keys)).values(body=""))


WORK = rounds.work(NAME, lambda: come())  # noqa: PLW0108 - looked up when it is called
