"""Former keys: finds orders that were made with a key that is not ours any more, and whose they are.

When the gateway, asked with the present key, knows one of them, both keys are one account's: all that was made with the
former key goes over to the present one. Else it is another account's. Each key is asked about once, those of another
mode never. What is not ours and may still change is told to the watch of the books.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Self

import structlog
from sqlmodel import col, func, select, update

from checkout_app.core import database, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order
from checkout_app.payments import keys
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.errors import NotFound, RazorpayError
from checkout_app.payments.models import GatewayOrder

log = structlog.stdlib.get_logger(__name__)

PACE = timedelta(days=1)
LEASE = timedelta(minutes=1)
TESTED = "test orders are closed by go-live"
ELSEWHERE = "orders are of this shop's account"
_NAME = "keys"
_BATCH = 10_000
"""How many rows change at once: on SQLite whoever else writes waits for that."""

Followed = Mapping[str, int]
"""How many orders may still change, by the key they were made with."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look saw: our keys of then, the present one first, and what was not ours."""

    keys: Sequence[str]
    followed: Followed

    @classmethod
    def of(cls, look: Round | None) -> Self:
        return cls(**look.found[0]) if look and look.found else cls([], {})


async def keep_up() -> None:
    """Look once a day, and at once when our keys are others than at the last look."""
    async with database.ask() as session:
        last = await session.get(Round, _NAME)
    if last is not None and not last.attempts and list(_Seen.of(last).keys) != list(settings().keys):
        await look_again()
    await rounds.come_round(_NAME, PACE, _look, lease=LEASE)


async def look_again() -> None:
    """Let the next look be now."""
    await rounds.come_now(_NAME)


async def found() -> list[Violation]:
    """Return what the last look found that is not ours and may still change."""
    async with database.ask() as session:
        return _violations(_Seen.of(await session.get(Round, _NAME)).followed)


async def find() -> list[Violation]:
    """Look for that, and take nothing over."""
    return _violations({key_id: await _count_followed(key_id) for key_id, _ in await _others()})


async def orders_elsewhere() -> dict[str, int]:
    """Count the orders that are not ours to ask about, by the key they were made with."""
    count = func.count(col(GatewayOrder.order_id).distinct())
    query = select(GatewayOrder.key_id, count).where(~keys.ours()).group_by(col(GatewayOrder.key_id))
    async with database.ask(long=True) as session:
        return dict((await session.exec(query)).all())


def _violations(followed: Followed) -> list[Violation]:
    said = "orders that may still change: {:,}"
    return [Violation(_rule(key_id), key_id, said.format(count)) for key_id, count in followed.items() if count]


def _rule(key_id: str) -> str:
    return TESTED if key_id.startswith(keys.TEST) and settings().mode != keys.TEST else ELSEWHERE


async def _look(last: Round) -> bool:
    """Take over what is of our account, and count what is left; returns False when the gateway does not tell."""
    before, followed = _Seen.of(last), dict[str, int]()
    known = before.followed if settings().razorpay_key_id in before.keys[:1] else {}
    for key_id, newest in await _others():
        try:
            if key_id.startswith(settings().mode) and key_id not in known and await _is_of_our_account(newest):
                await _take_over(key_id)
                continue
        except RazorpayError as failure:
            log.warning("gateway does not tell whose orders these are", key_id=key_id, failure=str(failure))
            return False
        followed[key_id] = await _count_followed(key_id)
        log.info("orders are not ours to ask about", key_id=key_id, may_change=followed[key_id])
    last.found = [asdict(_Seen(list(settings().keys), followed))]
    return True


async def _others() -> list[tuple[str, str]]:
    """Return each key that is not ours, with the newest gateway order of it."""
    newest = func.max(GatewayOrder.id)
    query = select(GatewayOrder.key_id, newest).where(~keys.ours()).group_by(col(GatewayOrder.key_id))
    async with database.ask(long=True) as session:
        return list((await session.exec(query)).all())


async def _is_of_our_account(gateway_order_id: str) -> bool:
    try:
        await gateway().order.fetch(gateway_order_id)
    except NotFound:
        return False
    return True


async def _take_over(key_id: str) -> None:
    """Let everything that was made with a former key be the present key's."""
    some = select(GatewayOrder.id).where(GatewayOrder.key_id == key_id).limit(_BATCH)
    take = update(GatewayOrder).where(col(GatewayOrder.id).in_(some)).values(key_id=settings().razorpay_key_id)
    taken = _BATCH
    while taken == _BATCH:
        async with database.write() as session:
            taken = (await session.exec(take)).rowcount
    log.info("orders go over to the present key", key_id=key_id)


async def _count_followed(key_id: str) -> int:
    query = (
        select(func.count(col(Order.id).distinct()))
        .join(GatewayOrder, col(GatewayOrder.order_id) == col(Order.id))
        .where(GatewayOrder.key_id == key_id, col(Order.due_at).is_not(None))
    )
    async with database.ask(long=True) as session:
        return (await session.exec(query)).one()


WORK = rounds.work(_NAME, lambda: keep_up())  # noqa: PLW0108 - looked up when it is called
