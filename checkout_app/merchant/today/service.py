"""How the shop does now: figures of the last days, what waits for a person, what runs low, and the books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from checkout_app.catalog import service as catalog
from checkout_app.catalog.service import Low
from checkout_app.core import clock
from checkout_app.journal import issues
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.today import sums
from checkout_app.merchant.today.sums import Days
from checkout_app.payments.checks import watch
from checkout_app.payments.checks.watch import Look

MOST_LOW: Final = 10


@dataclass(frozen=True, slots=True)
class Today:
    """How the shop does at a moment.

    `waiting` are the open issues by kind; of what runs low there is one more than MOST_LOW where there are more.
    """

    at: datetime
    days: Days
    to_ship: int
    waiting: Mapping[str, int]
    low: Sequence[Low]
    books: Look


async def look() -> Today:
    """Look how the shop does now."""
    now = clock.now()
    return Today(
        at=now,
        days=await sums.add_up(now),
        to_ship=(await listing.counts())[View.TO_SHIP],
        waiting=await issues.count_by_kind(),
        low=await catalog.running_low(MOST_LOW + 1),
        books=await watch.last_look(),
    )
