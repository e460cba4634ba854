"""The audit log: who did what to accounts, money given back, and what the shop says of itself. Nobody can change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, select, text

from checkout_app.auth.models import User
from checkout_app.core import database, ids
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal.models import AUDITED, Event, Subject

_NEWEST: Final = Statement[tuple[Event, User | None]](
    select(Event, User)
    .outerjoin(User, col(User.id) == col(Event.actor_id))
    .where(Event.id < bindparam("cursor"), text(f"({AUDITED})"))
    .order_by(col(Event.id).desc())
    .limit(bindparam("limit", type_=Integer))
)
_ABOUT: Final = Statement[tuple[Event, User | None]](
    select(Event, User)
    .outerjoin(User, col(User.id) == col(Event.actor_id))
    .where(Event.subject == bindparam("subject"), Event.subject_id == bindparam("id"))
    .order_by(col(Event.id).desc())
    .limit(bindparam("limit", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done, and by whom, where that is somebody known."""

    event: Event
    by: User | None


async def entries(*, cursor: str | None = None, limit: int = 20) -> Page[Entry]:
    """List what was done, newest first; the cursor is the last id of the page before."""
    async with database.ask() as session:
        rows = (await session.exec(_NEWEST, cursor=cursor or ids.LAST_ID, limit=limit + 1)).all()
    found = [Entry(event, by) for event, by in rows]
    return page_of(found, limit, [entry.event.id for entry in found])


async def newest_about(subject: Subject, subject_id: str, limit: int) -> Sequence[Entry]:
    """Return the last that was done to a subject, the newest first."""
    async with database.ask() as session:
        return [Entry(*row) for row in await session.exec(_ABOUT, subject=subject, id=subject_id, limit=limit)]
