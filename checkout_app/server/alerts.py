"""Alerts: every issue and every alarm is sent to the shopkeeper's own address, once as it begins and once as it ends.

They follow the journal, so none is missed, and who sends which is a due row: one process does for all, and again later
when the address is away. What is sent says how the thing is now, so alerts that come late or in another order mislead
nobody. It names ids and amounts, never a person.
"""

import json
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from checkout_app.core import clock, database, due
from checkout_app.core.settings import settings
from checkout_app.journal import followers
from checkout_app.journal import service as journal
from checkout_app.journal.followers import Follower
from checkout_app.journal.issues import OPENED, RESOLVED
from checkout_app.journal.models import Event, Issue, Subject
from checkout_app.orders.timeline import issue_sentence
from checkout_app.server import alarms, alert_address


def register() -> None:
    """Let what begins and ends from now on be sent, if there is an address; for every process that writes it down."""
    if settings().alert_webhook_url:
        followers.register(FOLLOWER)


def running() -> AbstractAsyncContextManager[None]:
    """Watch the alarms, and send what is to be sent, for the length of a block."""
    register()
    return due.working([alarms.WORK, *([followers.work(FOLLOWER)] if settings().alert_webhook_url else [])])


async def _send(event: Event) -> None:
    about = await (_alarm(event) if event.subject == Subject.ALARM else _issue(event))
    alert = {"id": event.id, **about, "shop": settings().public_url, "sent_at": clock.now().isoformat()}
    await alert_address.post(json.dumps(alert).encode())


async def _alarm(event: Event) -> dict[str, Any]:
    async with database.ask() as session:
        events = {found.kind: found for found in await journal.events_of(session, Subject.ALARM, event.subject_id)}
    begun, ended = events[alarms.BEGUN], events.get(alarms.ENDED)
    return {
        "kind": "alarm",
        "name": begun.data["rule"],
        "what": f"{'So again' if ended else 'Not so any more'}: {begun.data['rule']}.",
        **_times(begun.created_at, ended.created_at if ended else None),
        "alarm_id": event.subject_id,
        **{name: begun.data[name] for name in ("order_id", "about") if name in begun.data},
    }


async def _issue(event: Event) -> dict[str, Any]:
    async with database.ask() as session:
        issue = await session.get_one(Issue, str(event.data["issue_id"]))
    # Without what somebody else has said about it, which may name a person.
    said = "…" if issue.detail else ""
    known = {name: getattr(issue, name) for name in ("kind", "subject", "subject_id", "data", "created_at")}
    bare = Issue(**known, detail=said)
    return {
        "kind": "issue",
        "name": issue.kind,
        "what": f"{'Resolved: ' if issue.resolved_at else ''}{issue_sentence(bare)}",
        **_times(issue.created_at, issue.resolved_at),
        "issue_id": issue.id,
        f"{issue.subject}_id": issue.subject_id,
        "about": issue.about,
        **{name: issue.data[name] for name in ("amount", "currency") if name in issue.data},
    }


def _times(since: datetime, until: datetime | None) -> dict[str, str | None]:
    return {"since": since.isoformat(), "until": until.isoformat() if until else None}


FOLLOWER = Follower("alerts", {OPENED, RESOLVED, alarms.BEGUN, alarms.ENDED}, _send)
