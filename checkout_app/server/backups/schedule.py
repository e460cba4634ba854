"""A backup every night, on SQLite: one process makes it for all, in a process of its own; what fails is an alarm.

What looks after a PostgreSQL server makes backups of it too, or a timer runs the command.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import AbstractAsyncContextManager
from datetime import UTC, time, timedelta
from typing import Final

import structlog

from checkout_app.core import clock, due, rounds, urls
from checkout_app.core.rounds import Round
from checkout_app.core.settings import settings
from checkout_app.payments.checks.violations import Violation, kept_by
from checkout_app.server.builds import ROOT

log = structlog.stdlib.get_logger(__name__)

NAME: Final = "backups"
RULE: Final = "backups are made"
PACE: Final = timedelta(minutes=10)
"""How soon it is tried again after it failed."""
LEASE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(minutes=55)
"""How long a backup may take, within its lease."""
NIGHT: Final = time(20, 30, tzinfo=UTC)
"""When it is made: two in the morning in India."""


def running() -> AbstractAsyncContextManager[None]:
    """Keep to the schedule for the length of a block."""
    return due.working([WORK] if _is_on() else [])


async def come() -> None:
    """Make a backup if a night has begun since the last one."""
    await rounds.come_round(NAME, PACE, _back_up, lease=LEASE)


async def found() -> list[Violation]:
    """Return what keeps backups from being made, whichever process tried."""
    if not _is_on():
        return []
    last, violations = await kept_by(NAME)
    if last and rounds.is_neglected(last, LEASE):
        violations.append(Violation(RULE, NAME, f"{last.attempts} rounds did not come through"))
    return violations


def _is_on() -> bool:
    return bool(settings().backups_kept and urls.sqlite_file(settings().database_url))


async def _back_up(last: Round) -> bool:
    began = clock.now()
    if not rounds.is_night(last, began, NIGHT):
        return True
    failure = await _run()
    if failure:
        log.error("backup failed, it is tried again", failure=failure)
        last.found = [{"rule": RULE, "subject": NAME, "detail": failure}]
    else:
        log.info("backup made", seconds=round((clock.now() - began).total_seconds()))
        last.found, last.reached = [], began
    return True


async def _run() -> str:
    """Make a backup by the operator's command, for which no page waits; returns why it failed, if it did."""
    command = [sys.executable, "-m", "checkout_app.cli", "backup", "--keep", str(settings().backups_kept)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=DEVNULL, stderr=PIPE)
    try:
        async with asyncio.timeout(LONGEST.total_seconds()):
            _, said = await process.communicate()
    except TimeoutError:
        return f"it took longer than {LONGEST}"
    finally:
        if process.returncode is None:  # the server stops, or has waited for long enough
            process.kill()
            await process.wait()
    last_line = said.decode(errors="replace").strip().rpartition("\n")[2]
    return "" if process.returncode == 0 else last_line or f"it ended with {process.returncode}"


WORK = rounds.work(NAME, lambda: come())  # noqa: PLW0108 - looked up when it is called
