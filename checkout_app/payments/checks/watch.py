"""The watch: looks over the books every minute, in one process for all of them, and over all of them every night."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta

import structlog

from checkout_app.core import clock, rounds
from checkout_app.core.rounds import Round
from checkout_app.payments import former_keys
from checkout_app.payments.checks.alarms import WATCHED
from checkout_app.payments.checks.rules import MOST, check_rules
from checkout_app.payments.checks.scope import EVERYTHING, Scope, lately
from checkout_app.payments.checks.violations import Violation, kept_by

log = structlog.stdlib.get_logger(__name__)

NAME = "books"
UNWATCHED = "the books are watched"
PACE = timedelta(minutes=1)
LEASE = timedelta(minutes=10)
"""As long as looking over everything may take."""
LATELY = timedelta(hours=1)
"""For how long after a change an order is looked at every minute."""
NIGHT = time(21, 30, tzinfo=UTC)
"""When everything is looked at: three in the morning in India."""


async def look() -> None:
    """Look over the books if it is time to; what does not hold is logged, and kept for whoever asks how we are."""
    await rounds.come_round(NAME, PACE, _look, lease=LEASE)


@dataclass(frozen=True, slots=True)
class Look:
    """The last look over the books: when it was, None before the first one, and what it found.

    That looking does not come through is among what it found.
    """

    at: datetime | None
    violations: list[Violation]


async def last_look() -> Look:
    """Return the last look over the books, whichever process looked."""
    last, violations = await kept_by(NAME)
    if last and rounds.is_neglected(last, LEASE):
        violations.append(Violation(UNWATCHED, NAME, f"{last.attempts} looks did not come through"))
    return Look(rounds.came_through(last, PACE, LEASE) if last else None, violations)


async def found() -> list[Violation]:
    """Return what the last look found, and whether looking does not come through."""
    return (await last_look()).violations


async def _look(last: Round) -> bool:
    now = clock.now()
    violations = await check_rules(_scope(last, now), WATCHED) + await former_keys.found()
    for violation in violations:
        log.error("books do not hold", **asdict(violation))
    log.info("books looked over", violations=len(violations))
    last.found = [asdict(violation) for violation in violations]
    if rounds.is_night(last, now, NIGHT):
        last.reached = now
    return True


def _scope(last: Round, now: datetime) -> Scope:
    """Choose what to look at; what was wrong is looked at again until it is right.

    Of many that offend only some were named, so that the others are found by looking at everything alone.
    """
    named = Counter(violation["rule"] for violation in last.found)
    if rounds.is_night(last, now, NIGHT) or MOST in named.values():
        return EVERYTHING
    wrong = {violation["order_id"] for violation in last.found}
    return lately(now - LATELY, wrong - {""})


WORK = rounds.work(NAME, lambda: look())  # noqa: PLW0108 - looked up when it is called
