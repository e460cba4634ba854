"""The audit log: who did what to accounts, money given back, and what the shop says of itself. Nobody can change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer
from sqlalchemy.orm import aliased
from sqlmodel import and_, bindparam, col, select, text, true

from checkout_app.auth.models import User
from checkout_app.core import database, ids
from checkout_app.core.pagination import Page, page_of
from checkout_app.core.statements import Statement
from checkout_app.journal.models import AUDITED, ActorKind, Event, Subject

REACH: Final = 20_000
"""So many entries are looked through for one page of what no index knows; its cursor leads on to the next."""
EVERYTHING: Final = true()
_whose = aliased(User)
"""The account that an entry is about."""
_AUDITED: Final = text(f"({AUDITED})")


def _end(reach: int) -> Statement[str]:
    """Return what finds the last entry that is looked through for one page."""
    wanted = (Event.id < bindparam("cursor"), Event.id >= bindparam("begin"), _AUDITED)
    return Statement(select(Event.id).where(*wanted).order_by(col(Event.id).desc()).limit(1).offset(reach))


_END: Final = _end(REACH)
_ABOUT: Final = Statement[tuple[Event, User | None]](
    select(Event, User)
    .outerjoin(User, col(User.id) == col(Event.actor_id))
    .where(Event.subject == bindparam("subject"), Event.subject_id == bindparam("id"))
    .order_by(col(Event.id).desc())
    .limit(bindparam("limit", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done, and by whom, where that is somebody known; `whose` is the address of an account's."""

    event: Event
    by: User | None
    whose: str | None = None


class Sought(NamedTuple):
    """Which entries somebody wants to see: of what kinds, by whom, about what, and between which ids."""

    what: Any = EVERYTHING
    """A condition, always the same one for the same kinds."""
    by: str = ""
    """The id of who did it, or what kind of somebody that is."""
    about: Sequence[str] | None = None
    """The ids of which it is about one; None where that is all the same."""
    begin: str = ""
    until: str = ids.LAST_ID


async def entries(sought: Sought | None = None, *, cursor: str | None = None, limit: int = 20) -> Page[Entry]:
    """List what was done, newest first; the cursor is the last id of the page before.

    Of what no index knows a page may have less than there is place for, and still have a cursor.
    """
    sought = sought or Sought()
    asked: dict[str, Any] = {"cursor": min(cursor or ids.LAST_ID, sought.until), "begin": sought.begin}
    by = "" if not sought.by else "actor" if sought.by in set(ActorKind) else "actor_id"
    end, is_slow = "", sought.about is None and bool(by or sought.what is not EVERYTHING)
    if is_slow:
        async with database.ask(long=True) as session:
            end = (await session.exec(_END, **asked)).first() or ""
    if by:
        asked["by"] = sought.by
    given = asked | {"begin": end or sought.begin} | ({} if sought.about is None else {"about": list(sought.about)})
    async with database.ask(long=is_slow) as session:
        statement = _listed(sought.what, by, one_of=sought.about is not None)
        rows = (await session.exec(statement, **given, limit=limit + 1)).all()
    found = [Entry(*row) for row in rows]
    page = page_of(found, limit, [entry.event.id for entry in found])
    return Page(page.items, page.next_cursor or end or None)


@cache
def _listed(what: Any, by: str, *, one_of: bool) -> Statement[tuple[Event, User | None, str | None]]:
    """Return what finds entries, by who did it or by what they are about."""
    wanted = [col(Event.id) < bindparam("cursor"), col(Event.id) >= bindparam("begin"), _AUDITED, what]
    if by:
        wanted.append(getattr(Event, by) == bindparam("by"))
    if one_of:  # of all subjects, as the index of them begins with those
        ids_of = col(Event.subject_id).in_(bindparam("about", expanding=True))
        wanted += [col(Event.subject).in_([*Subject]), ids_of]
    return Statement(
        select(Event, User, col(_whose.email))
        .outerjoin(User, col(User.id) == col(Event.actor_id))
        .outerjoin(_whose, and_(col(Event.subject) == Subject.ACCOUNT, col(_whose.id) == col(Event.subject_id)))
        .where(*wanted)
        .order_by(col(Event.id).desc())
        .limit(bindparam("limit", type_=Integer))
    )


async def newest_about(subject: Subject, subject_id: str, limit: int) -> Sequence[Entry]:
    """Return the last that was done to a subject, the newest first."""
    async with database.ask() as session:
        return [Entry(*row) for row in await session.exec(_ABOUT, subject=subject, id=subject_id, limit=limit)]
