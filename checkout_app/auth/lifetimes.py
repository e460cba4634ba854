"""How long a sign-in lasts: from its beginning, and without being seen.

Who runs the shop can move money, so a device of theirs that is lost or lent is worth more than a buyer's, and they are
asked more often: each morning, and once a week in any case. A buyer's opens what they have bought; two weeks outlast a
parcel.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from checkout_app.auth.callers import Caller


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a sign-in lasts at most, and how long while nobody comes with it."""

    absolute: timedelta
    idle: timedelta


BUYERS: Final = Lifetime(absolute=timedelta(days=60), idle=timedelta(days=14))
SHOP: Final = Lifetime(absolute=timedelta(days=7), idle=timedelta(hours=12))
SEEN_EVERY: Final = timedelta(hours=1)
"""How often at most it is written down that somebody is there."""
SHOWN_LATELY: Final = timedelta(minutes=10)
"""For how long it counts, where much is at stake, that somebody has shown their second factor."""


def lifetime_of(role: str) -> Lifetime:
    """Return how long sign-ins of a role last."""
    return SHOP if role in Caller.SHOP.roles else BUYERS
