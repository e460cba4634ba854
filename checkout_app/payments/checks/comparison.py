"""The comparison with the gateway: every payment of ours, in both directions and to the paisa.

It walks through the gateway's list a day at a time, oldest day first: a window of the past does not shift while people
buy, and in today's, where a new payment pushes others to the next page, some are seen twice and none is left out. What
differs is read again, one by one, before it is called a violation, since the two sides are never read in the same
instant. What it keeps in memory is eight bytes a payment.

Money for orders that the books do not know is never passed over: of another shop it is counted, of this one it is a
violation.
"""

import asyncio
import hashlib
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlmodel import col, func, select

from checkout_app.core import clock, database
from checkout_app.payments import keys
from checkout_app.payments.checks.unknown import Others, Unknown
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.entities import PaymentEntity, id_in
from checkout_app.payments.gateway.errors import Garbled, NotFound, Refused
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, payment_status

MOST: Final = 100
"""So many differences end the comparison: something is wrong with all of it."""
_WINDOW: Final = timedelta(days=1)
_SKEW: Final = timedelta(days=1)
"""How much earlier than our first order the walk begins, and later than now it ends: the gateway has its own clock."""
_PAGE: Final = 10_000
_PAUSE: Final = timedelta(seconds=5)

_Items = Sequence[dict[str, Any]]


def _tell_nobody(_text: str) -> None:
    """Keep it to ourselves."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: what does not hold, and by shop what the account has of others."""

    violations: Sequence[Violation] = ()
    others: Mapping[str, Others] = field(default_factory=dict)


async def compare_with_gateway(
    *, patience: timedelta = timedelta(), progress: Callable[[str], None] = _tell_nobody
) -> Compared:
    """Compare every payment at the gateway with ours; raises RazorpayError.

    What differs is read again until it agrees or the patience is over, once in any case.
    """
    listed, nameless, differing, unknown = _Listed(), list[Violation](), set[str](), Unknown()
    async for upto, page in _pages():
        listed.add(page)
        known, strange = await _divide(page)
        nameless += await unknown.look(strange)
        for item, violations in known:
            if payment_id := id_in(item, "id"):
                differing.add(payment_id)
            else:
                nameless += violations  # there is nothing to read it again by
        if len(differing) > MOST:
            break
        progress(f"{len(listed):,} payments compared, up to {upto:%d %b %Y}")
    else:
        differing |= await _unlisted(listed)
    if len(differing) > MOST:
        too_many = Violation("mismatch", "payments", f"more than {MOST} differ; the rest is not compared")
        return Compared([*nameless, too_many], unknown.others)
    return Compared(nameless + await _read_again(differing, clock.now() + patience, progress), unknown.others)


async def _pages() -> AsyncIterator[tuple[datetime, _Items]]:
    """Yield what the gateway lists since our first order, a page at a time, and up to when each page's window is."""
    async with database.ask() as session:
        first = (await session.exec(select(func.min(GatewayOrder.created_at)).where(keys.ours()))).one() or clock.now()
    begin, end = int((first - _SKEW).timestamp()), int((clock.now() + _SKEW).timestamp())
    while begin <= end:
        until = min(begin + int(_WINDOW.total_seconds()) - 1, end)  # both ends belong to a window
        async for page in gateway().pages(gateway().payment.all, {"from": begin, "to": until}):
            yield datetime.fromtimestamp(until, UTC), page
        begin = until + 1


class _Listed:
    """Which payments the gateway listed, each as eight bytes of its id's digest."""

    def __init__(self) -> None:
        self._digests = array("Q")

    def __len__(self) -> int:
        return len(self._digests)

    def add(self, page: _Items) -> None:
        self._digests.extend(_digest(str(item.get("id"))) for item in page)

    def close(self) -> None:
        self._digests = array("Q", sorted(self._digests))

    def has(self, payment_id: str) -> bool:
        digest = _digest(payment_id)
        place = bisect_left(self._digests, digest)
        return place < len(self._digests) and self._digests[place] == digest


def _digest(payment_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(payment_id.encode(errors="replace"), digest_size=8).digest())


async def _divide(page: _Items) -> tuple[list[tuple[dict[str, Any], list[Violation]]], _Items]:
    """Compare what the books know of a page; returns what differs, and how, and what the books do not know."""
    async with database.read() as session:
        ids = {id_in(item, "id") for item in page}
        ours = {row.id: row for row in await session.exec(select(Payment).where(col(Payment.id).in_(ids)))}
        order_ids = {id_in(item, "order_id") for item in page}
        known = set(await session.exec(select(GatewayOrder.id).where(col(GatewayOrder.id).in_(order_ids))))
    mine = [item for item in page if id_in(item, "order_id") in known or id_in(item, "id") in ours]
    compared = ((item, _compare(item, ours.get(id_in(item, "id")))) for item in mine)
    strange = [item for item in page if id_in(item, "order_id") not in known and id_in(item, "id") not in ours]
    return [(item, violations) for item, violations in compared if violations], strange


async def _unlisted(listed: _Listed) -> set[str]:
    """Return captured payments of ours that the gateway did not list, not many more than make sense to look at."""
    listed.close()
    unlisted, last = set[str](), ""
    while len(unlisted) <= MOST:
        async with database.ask() as session:
            query = select(Payment.id).where(Payment.status == PaymentStatus.CAPTURED, Payment.id > last, keys.ours())
            of_ours = query.join(GatewayOrder, col(GatewayOrder.id) == col(Payment.gateway_order_id))
            page = (await session.exec(of_ours.order_by(Payment.id).limit(_PAGE))).all()
        unlisted.update(payment_id for payment_id in page if not listed.has(payment_id))
        if len(page) < _PAGE:
            break
        last = page[-1]
    return unlisted


async def _read_again(differing: Collection[str], until: datetime, progress: Callable[[str], None]) -> list[Violation]:
    while True:
        violations = [violation for payment_id in sorted(differing) for violation in await _compare_one(payment_id)]
        if not violations or clock.now() >= until:
            return violations
        differing = {violation.subject for violation in violations}
        progress(f"{len(differing)} differ and may be seconds old: they are read again")
        await asyncio.sleep(_PAUSE.total_seconds())


async def _compare_one(payment_id: str) -> list[Violation]:
    """Read one payment on both sides and compare it."""
    try:
        item = await gateway().payment.fetch(payment_id)
    except NotFound:
        item = None
    except Refused as refusal:
        return [Violation("unreadable", payment_id, str(refusal))]
    async with database.ask() as session:
        ours = await session.get(Payment, payment_id)
    if item is not None:
        return _compare({**item, "id": payment_id}, ours)
    captured = ours is not None and ours.status == PaymentStatus.CAPTURED
    return [Violation("conflicting", payment_id, "captured here, unknown there")] if captured else []


def _compare(item: dict[str, Any], ours: Payment | None) -> list[Violation]:
    """Compare one of the gateway's payments with ours; one that can't be understood is named and stops no other."""
    try:
        theirs = PaymentEntity.read(item)
    except Garbled as garbled:
        return [Violation("unreadable", str(item.get("id")), str(garbled))]
    return _differences(theirs, ours)


def _differences(theirs: PaymentEntity, ours: Payment | None) -> list[Violation]:
    took_money = payment_status(theirs) is PaymentStatus.CAPTURED
    if ours is None:
        return [Violation("missing", theirs.id, f"captured {theirs.amount} there, unknown here")] if took_money else []
    if ours.gateway_order_id != theirs.order_id:
        return [Violation("conflicting", theirs.id, f"of {ours.gateway_order_id} here, of {theirs.order_id} there")]
    pairs = {
        "amount": (ours.amount, theirs.amount),
        "currency": (ours.currency, theirs.currency),
        "captured": (ours.status == PaymentStatus.CAPTURED, took_money),
        "refunded": (ours.amount_refunded, theirs.amount_refunded),
    }
    return [
        Violation("mismatch", theirs.id, f"{name} is {mine} here, {their} there")
        for name, (mine, their) in pairs.items()
        if mine != their
    ]
