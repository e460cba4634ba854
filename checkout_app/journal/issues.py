"""Issues: what waits for a person. Opened once, resolved by a person, or by time where time solves it."""

from collections.abc import Collection, Mapping, Sequence

import structlog
from sqlmodel import bindparam, col, func, select, update

from checkout_app.core import clock, database
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import SHOP, Actor
from checkout_app.journal.models import Event, Issue, Subject
from checkout_app.journal.service import record

log = structlog.stdlib.get_logger(__name__)

OPENED = "attention"
RESOLVED = "decided"
"""The kinds of their events, as the API has always called them."""

_OPEN = Statement[Issue](
    select(Issue)
    .where(
        Issue.subject == bindparam("subject"),
        col(Issue.subject_id).in_(bindparam("ids", expanding=True)),
        col(Issue.resolved_at).is_(None),
    )
    .order_by(col(Issue.id))
)
_EVER = Statement[Issue](
    select(Issue)
    .where(Issue.subject == bindparam("subject"), Issue.subject_id == bindparam("id"))
    .order_by(col(Issue.id))
)


_BY_KIND = Statement[tuple[str, int]](
    select(Issue.kind, func.count()).where(col(Issue.resolved_at).is_(None)).group_by(col(Issue.kind))
)


async def open_issue(session: Session, issue: Issue, by: Actor = SHOP) -> bool:
    """Open an issue and say so among its subject's events; one that is open already only learns the newest facts.

    Returns whether this call opened it. What a person has said of it is not for the log.
    """
    issue.detail = issue.detail[:300]
    if not await database.insert_new(session, issue):
        same = (
            col(Issue.subject) == issue.subject,
            col(Issue.subject_id) == issue.subject_id,
            col(Issue.kind) == issue.kind,
            col(Issue.about) == issue.about,
            col(Issue.resolved_at).is_(None),
        )
        await session.exec(update(Issue).where(*same).values(data=issue.data, detail=issue.detail))
        return False
    await record(session, Subject(issue.subject), issue.subject_id, OPENED, by, issue_id=issue.id, **issue.data)
    log.warning(
        "issue opened",
        **{f"{issue.subject}_id": issue.subject_id},
        issue_id=issue.id,
        kind=issue.kind,
        about=issue.about,
        detail=issue.detail if by is SHOP else "",
    )
    return True


async def close_issue(session: Session, issue: Issue, note: str, actor: Actor) -> Event:
    """Write down that an issue waits no longer, why, and who says so."""
    issue.resolved_at, issue.resolved_by, issue.note = clock.now(), actor.user_id, note
    return await record(session, Subject(issue.subject), issue.subject_id, RESOLVED, actor, issue_id=issue.id)


async def close_by_time(session: Session, subject: Subject, subject_id: str, kinds: Collection[str]) -> None:
    """Close the open issues of some kinds: what they were about has solved itself."""
    for issue in await open_issues(session, subject, [subject_id]):
        if issue.kind in kinds:
            await close_issue(session, issue, "", SHOP)


async def open_issues(session: Session, subject: Subject, subject_ids: Collection[str]) -> Sequence[Issue]:
    """Return the open issues of some subjects, oldest first."""
    return (await session.exec(_OPEN, subject=subject, ids=list(subject_ids))).all()


async def count_by_kind() -> Mapping[str, int]:
    """Count what waits for a person, by why."""
    async with database.ask() as session:
        return dict((await session.exec(_BY_KIND)).all())


async def count_open() -> int:
    """Count what waits for a person."""
    async with database.ask() as session:
        return (await session.exec(select(func.count()).where(col(Issue.resolved_at).is_(None)))).one()


async def issues_of(session: Session, subject: Subject, subject_id: str) -> Sequence[Issue]:
    """Return every issue a subject ever had, oldest first."""
    return (await session.exec(_EVER, subject=subject, id=subject_id)).all()
