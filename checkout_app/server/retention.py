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

from checkout_app.accounts.models import Proof
from checkout_app.auth.models import Role, User, UserSession
from checkout_app.cart import service as carts
from checkout_app.cart.models import Cart
from checkout_app.cart.owner import KEPT_FOR
from checkout_app.checkout import remembered
from checkout_app.core import clock, database, due, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.mail import service as mails
from checkout_app.orders.models import Order
from checkout_app.payments.models import WebhookEvent
from checkout_app.pricing.models import KeptQuote
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
"""Lets rows go by their keys, or what makes them meet the condition by which they were found."""


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
    return {
        "sign_ins": await forget_sign_ins(now - timedelta(days=days.sign_ins)),
        "guests": await forget_guests(now - timedelta(days=days.guests)),
        "carts": await forget_carts(now - KEPT_FOR),
        "quotes": await forget_quotes(now - remembered.KEPT_FOR),
        "messages": await forget_messages(now - timedelta(days=days.messages)),
        "mails": await mails.forget(now - timedelta(days=days.messages)),
    }


async def forget_sign_ins(before: datetime) -> int:
    """Forget who was signed in, of what ended before a moment."""
    ended = or_(col(UserSession.expires_at) < before, col(UserSession.revoked_at) < before)

    async def forget(session: Session, keys: list[str]) -> None:
        await session.exec(delete(UserSession).where(col(UserSession.id).in_(keys)))

    return await _each(UserSession.id, UserSession.id, ended, forget)


async def forget_guests(before: datetime) -> int:
    """Forget guests who came before a moment, ordered nothing, and can't any more."""
    signed_in = exists().where(
        col(UserSession.user_id) == col(User.id),
        col(UserSession.revoked_at).is_(None),
        col(UserSession.expires_at) > clock.now(),
    )
    ordered = exists().where(col(Order.buyer_id) == col(User.id))
    left = (col(User.role) == Role.GUEST) & (col(User.created_at) < before) & ~signed_in & ~ordered

    async def forget(session: Session, keys: list[str]) -> None:
        await carts.forget(session, col(Cart.user_id).in_(keys))
        await session.exec(delete(UserSession).where(col(UserSession.user_id).in_(keys)))
        await session.exec(delete(Proof).where(col(Proof.user_id).in_(keys)))
        await session.exec(delete(User).where(col(User.id).in_(keys)))

    return await _each(User.id, User.id, left, forget)


async def forget_carts(before: datetime) -> int:
    """Forget the carts of browsers in which nobody has signed in that were touched last before a moment."""

    async def forget(session: Session, keys: list[str]) -> None:
        old = [cart.id for cart in await database.lock(session, Cart, keys) if cart.updated_at < before]  # still
        await carts.forget(session, col(Cart.id).in_(old))

    untouched = col(Cart.browser).is_not(None) & (col(Cart.updated_at) < before)
    return await _each(Cart.id, Cart.updated_at, untouched, forget)


async def forget_quotes(before: datetime) -> int:
    """Forget the quotes that nobody ordered by and that were worth showing until before a moment."""
    ordered = exists().where(col(Order.quote_id) == col(KeptQuote.id))
    left = (col(KeptQuote.expires_at) < before) & ~ordered

    async def forget(session: Session, keys: list[str]) -> None:
        await session.exec(delete(KeptQuote).where(col(KeptQuote.id).in_(keys), left))  # still

    return await _each(KeptQuote.id, KeptQuote.expires_at, left, forget)


async def forget_messages(before: datetime) -> int:
    """Forget the words of messages that were handled before a moment."""
    whole = (col(WebhookEvent.handled_at) < before) & (col(WebhookEvent.body) != "")

    async def forget(session: Session, keys: list[str]) -> None:
        await session.exec(update(WebhookEvent).where(col(WebhookEvent.id).in_(keys)).values(body=""))

    return await _each(WebhookEvent.id, WebhookEvent.handled_at, whole, forget)


async def _each(key: Any, along: Any, condition: Any, forget: Forget) -> int:
    """Forget the rows that meet a condition, some at a time, along a column; returns how many they were."""
    count, reached = 0, None
    while True:
        beyond = () if reached is None else (along >= reached,)
        some = select(key, along).where(condition, *beyond).order_by(along).limit(AT_ONCE)
        async with database.write() as session:
            found = (await session.exec(some)).all()
            if found:
                await forget(session, [name for name, _ in found])
        count += len(found)
        if len(found) < AT_ONCE:
            return count
        reached = found[-1][1]


WORK = rounds.work(NAME, lambda: come())  # noqa: PLW0108 - looked up when it is called
