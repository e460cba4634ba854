"""Write down what happens, in the transaction in which it happens, and read it again."""

from collections.abc import Sequence

from prometheus_client import Counter
from sqlmodel import bindparam, col, select

from checkout_app.core import clock
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor
from checkout_app.journal.followers import followers_of
from checkout_app.journal.models import Event, FollowUp, Subject

_RECORDED = Counter(
    "shop_events", "What happened and was written down, by what it is about", ["subject", "kind"], registry=REGISTRY
)
_EVENTS = Statement[Event](
    select(Event)
    .where(Event.subject == bindparam("subject"), Event.subject_id == bindparam("id"))
    .order_by(col(Event.created_at), col(Event.id))
)


async def record(
    session: Session, subject: Subject, subject_id: str, kind: str, actor: Actor, **data: str | int
) -> Event:
    """Append an event, and with it one piece of due work for every follower of its kind."""
    event = Event(
        subject=subject, subject_id=subject_id, kind=kind, data=data, actor=actor.kind, actor_id=actor.user_id
    )
    session.add(event)
    session.add_all(FollowUp(event_id=event.id, follower=name, due_at=clock.now()) for name in followers_of(kind))
    session.afterwards(_RECORDED.labels(subject, kind).inc)
    return event


async def events_of(session: Session, subject: Subject, subject_id: str) -> Sequence[Event]:
    """Return what happened to a subject, oldest first."""
    return (await session.exec(_EVENTS, subject=subject, id=subject_id)).all()
