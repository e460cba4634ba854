"""Alarms: what has to hold and does not, in one list; that one begins or ends is written down once, whoever sees it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog

from checkout_app.core import database, ids, rounds
from checkout_app.core.rounds import Round
from checkout_app.core.session import Session
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP
from checkout_app.journal.models import Subject
from checkout_app.payments import sweep
from checkout_app.payments.checks import watch
from checkout_app.payments.checks.violations import Violation
from checkout_app.server.backups import schedule

log = structlog.stdlib.get_logger(__name__)

SOURCES: Final[Sequence[Callable[[], Awaitable[list[Violation]]]]] = (
    watch.found,
    sweep.found,
    schedule.found,
)
"""Where they are looked for: each answers what does not hold now, whichever process asks."""

BEGUN: Final = "alarm_begun"
ENDED: Final = "alarm_ended"
NAME: Final = "alarms"
PACE: Final = timedelta(seconds=30)
"""How often it is looked which have begun and ended."""


async def found() -> list[Violation]:
    """Return everything that does not hold now; raises SQLAlchemyError."""
    return [violation for source in SOURCES for violation in await source()]


async def look() -> None:
    """Write down which alarms have begun and ended since the last look, if it is time to look."""
    await rounds.come_round(NAME, PACE, _look)


async def _look(last: Round) -> bool:
    """Compare what does not hold with what is known, one alarm a rule however much offends against it.

    One begins as it is seen for the second time: a shop that was closed for a night finds all work late as it opens.
    """
    offending = {violation.rule: violation for violation in reversed(await found())}
    async with database.write() as session:
        [kept] = await database.lock(session, Round, [NAME])  # somebody may have been quicker
        known = {seen["rule"]: str(seen["id"]) for seen in kept.found}
        for rule in known.keys() - offending.keys():
            await _end(session, rule, known[rule])
        for rule, alarm_id in known.items():
            if rule in offending and not alarm_id:
                known[rule] = await _begin(session, offending[rule])
        last.found = kept.found = [{"rule": rule, "id": known.get(rule, "")} for rule in offending]
    return True


async def _begin(session: Session, violation: Violation) -> str:
    """Write down that a rule does not hold any more, and what was found first to offend against it; the alarm's id."""
    alarm_id = ids.new_id()
    first = {"about": violation.subject} | ({"order_id": violation.order_id} if violation.order_id else {})
    await journal.record(session, Subject.ALARM, alarm_id, BEGUN, SHOP, rule=violation.rule, **first)
    log.error("alarm begins", alarm_id=alarm_id, rule=violation.rule, detail=violation.detail, **first)
    return alarm_id


async def _end(session: Session, rule: str, alarm_id: str) -> None:
    if alarm_id:  # else it was seen only once
        await journal.record(session, Subject.ALARM, alarm_id, ENDED, SHOP)
        log.info("alarm ends", alarm_id=alarm_id, rule=rule)


WORK = rounds.work(NAME, lambda: look())  # noqa: PLW0108 - looked up when it is called
