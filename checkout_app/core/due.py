"""Work that falls due: rows that say when, one way to take them on, and one loop that sleeps until there is something.

A row that is due is claimed before anything is done about it: its next turn is planned at once, so a worker that dies
costs a pause and loses nothing, and any number of workers may try. Whoever makes a row due wakes the loop; another
process finds it on its next look.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Table, case
from sqlmodel import Index, SQLModel, col, func, or_, select, update
from structlog.contextvars import bind_contextvars

from checkout_app.core import clock, database
from checkout_app.core.concurrency import few_at_a_time
from checkout_app.core.orm import partial_index
from checkout_app.core.session import Session
from checkout_app.core.trouble import Trouble

log = structlog.stdlib.get_logger(__name__)

LEEWAY = timedelta(minutes=1)
"""How much further ahead than it can be something has to be planned to be called a wrong clock's."""
BATCH = 50
"""Rows a worker takes on at once; their lease has to outlast all of them."""
MOST_COUNTED = 1000
"""Up to how many rows that wait are counted of a table."""
LONGEST_SLEEP = 2.0
"""Seconds until a process looks by itself for what another one made due."""
SHORTEST_SLEEP = 0.5
"""Seconds until it looks again for what it could not take on, since another one is at it."""


class Due(SQLModel):
    """What a row has on which somebody works: when its next turn is, None when nothing is left to do.

    Its table has a `due_index`, so that what is done with, which is nearly everything, costs the work nothing.
    """

    due_at: datetime | None = None
    attempts: int = 0
    """How often it was taken on since it was last done with."""


def due_index() -> Index:
    """Return the index of the rows on which somebody works, for the table's `__table_args__`."""
    return partial_index(None, "due_at", where="due_at IS NOT NULL")


Row = TypeVar("Row", bound=Due)


class Outage(Exception):
    """What all of the work needs does not answer: the round ends, and everything left comes again."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Pauses between two tries, ever longer ones, the last one again and again.

    None is shorter than the lease, for which one worker has the row to itself. `spread` is the longest random addition:
    what failed together does not come again together.
    """

    pauses: Sequence[timedelta]
    lease: timedelta
    spread: timedelta = timedelta()

    def after(self, attempts: int, now: datetime) -> datetime:
        """Return when the next try is, after so many that came before this one."""
        pause = self.pauses[min(attempts, len(self.pauses) - 1)]
        return now + max(pause, self.lease) + self.spread * (secrets.randbelow(1000) / 1000)

    def is_held(self, due_at: datetime | None, attempts: int, now: datetime) -> bool:
        """Tell whether a worker may have a row to itself: it was taken on less than a lease ago."""
        if due_at is None or attempts == 0:
            return False
        pause = self.pauses[min(attempts, len(self.pauses)) - 1]
        return now < due_at - max(pause, self.lease) + self.lease


async def claim(
    session: Session, table: type[Row], ladder: Ladder, *conditions: Any, first: Any = None, limit: int
) -> list[Row]:
    """Take on rows that are due, the longest waiting first, and plan their next turn; no other worker gets them.

    Those that meet the condition `first` come before all others.
    """
    now = clock.now()
    order = [] if first is None else [case((first, 0), else_=1)]
    query = select(table).where(col(table.due_at) <= now, *conditions).order_by(*order, col(table.due_at)).limit(limit)
    rows = (await session.exec(query.with_for_update(skip_locked=True))).all()
    for row in rows:
        row.due_at = ladder.after(row.attempts, now)
        row.attempts += 1
    return list(rows)


async def drain(
    table: type[Row],
    ladder: Ladder,
    work: Callable[[Row], Awaitable[bool]],
    *conditions: Any,
    first: Any = None,
    apart: Callable[[Row], Hashable] = id,
) -> int:
    """Do what is due, a few at a time, until nothing is; returns for how many rows `work` answered True.

    Those that meet the condition `first` are taken on before all others, however long these have waited. Rows for which
    `apart` answers the same are worked on one after the other. When `work` raises Outage the round ends: rows that were
    taken on and not begun keep their place on the ladder.
    """
    done = 0
    while await _is_anything_due(table, *conditions):
        async with database.write() as session:
            rows = await claim(session, table, ladder, *conditions, first=first, limit=BATCH)
        groups: dict[Hashable, list[Row]] = {}
        for row in rows:
            groups.setdefault(apart(row), []).append(row)
        batch = _Batch(work)
        try:
            done += sum(await few_at_a_time(batch.do, list(groups.values())))
        finally:
            await _step_back(table, batch.left)
        if batch.outage or len(rows) < BATCH:
            break
    return done


async def _is_anything_due(table: type[Due], *conditions: Any) -> bool:
    """Look before a transaction is opened: mostly there is nothing, and on SQLite writers take turns."""
    async with database.ask() as session:
        query = select(table.due_at).where(col(table.due_at) <= clock.now(), *conditions)
        return (await session.exec(query.limit(1))).first() is not None


class _Batch:
    """The rows of one claim: some done, some left when the outage came or one of their group broke."""

    def __init__(self, work: Callable[[Any], Awaitable[bool]]) -> None:
        self._work = work
        self.outage = False
        self.left: list[Any] = []

    async def do(self, group: Sequence[Any]) -> int:
        done, waiting = 0, deque(group)
        try:
            while waiting and not self.outage:
                done += await self._work(waiting.popleft())
        except Outage as outage:
            log.warning("round ends, the rest of it comes again later", outage=str(outage))
            self.outage = True
        finally:
            self.left += waiting
        return done


async def _step_back(table: type[Due], rows: Sequence[Any]) -> None:
    """Undo the attempt of rows that were taken on and not begun."""
    key: Any = next(iter(table.__table__.primary_key))  # type: ignore[attr-defined]
    keys = [getattr(row, key.name) for row in rows]
    if not keys:
        return
    async with database.write() as session:
        await session.exec(update(table).where(key.in_(keys)).values(attempts=col(table.attempts) - 1))


async def bring_forward() -> None:
    """Let everything that is due later be due now: a clock that was ahead may have planned it.

    What a right clock planned comes early with it, which does no harm: work looks whether there is anything to do.
    """
    now = clock.now()
    for table in SQLModel.metadata.sorted_tables:
        if _is_due(table):
            async with database.write() as session:
                await session.exec(update(table).where(table.c.due_at > now).values(due_at=now))


async def waiting() -> dict[str, int]:
    """Count the rows that are due now, by their tables."""
    now, counts = clock.now(), dict[str, int]()
    async with database.read() as session:
        for table in filter(_is_due, SQLModel.metadata.sorted_tables):
            some = select(table.c.due_at).where(table.c.due_at <= now).limit(MOST_COUNTED).subquery()
            counts[table.name] = (await session.exec(select(func.count()).select_from(some))).one()
    return counts


def _is_due(table: Table) -> bool:
    return set(Due.model_fields) <= set(table.c.keys())


async def take_lease(session: Session, until: Any, key: Any, lease: timedelta) -> bool:
    """Keep a row to oneself for a while; returns False while somebody else does.

    `until` is the column that says how long, `key` the condition that names the row.
    """
    now = clock.now()
    of_a_wrong_clock = until > now + lease + LEEWAY
    free = or_(until.is_(None), until < now, of_a_wrong_clock)
    statement = update(until.class_).where(key, free).values({until: now + lease})
    return (await session.exec(statement)).rowcount == 1


async def next_due(table: type[Due], *conditions: Any) -> datetime | None:
    """Return when the next row of a table, of those that meet the conditions, is due; None when none will be."""
    query = select(func.min(table.due_at)).where(col(table.due_at).is_not(None), *conditions)
    async with database.ask() as session:
        return (await session.exec(query)).one()


@dataclass(eq=False)
class Work:
    """One kind of work: `round` does all that is due, `next_at` says when there is more."""

    name: str
    round: Callable[[], Awaitable[object]]
    next_at: Callable[[], Awaitable[datetime | None]]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look now: something has just been made due."""
        self._woken.set()

    async def go_on(self) -> None:
        """Work for ever: do what is due, sleep until something is or somebody wakes us."""
        bind_contextvars(work=self.name)
        trouble = Trouble()
        while True:
            self._woken.clear()
            pause = LONGEST_SLEEP
            try:
                await self.round()
                pause = await self._pause()
                trouble.over()
            except Exception as error:  # noqa: BLE001 - the boundary of all background work: the next round tries again
                trouble.met(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)

    async def _pause(self) -> float:
        due = await self.next_at()
        wait = LONGEST_SLEEP if due is None else (due - clock.now()).total_seconds()
        return min(max(wait, SHORTEST_SLEEP), LONGEST_SLEEP)


def of_rows(name: str, round_: Callable[[], Awaitable[object]], table: type[Due]) -> Work:
    """Return the work that the rows of a table ask for."""
    return Work(name, round_, lambda: next_due(table))


@asynccontextmanager
async def working(works: Sequence[Work]) -> AsyncIterator[None]:
    """Do the work, each kind beside the others, for the length of a block."""
    tasks = [asyncio.create_task(work.go_on(), name=work.name) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
