"""The table of mails: one row a mail, without what it says."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from checkout_app.core.due import Due, due_index
from checkout_app.core.orm import Base, id_field


class Mail(Base, Due, table=True):
    """One mail to one mailbox about one event. What it says is made when it is sent, so nothing secret is kept."""

    __tablename__ = "mails"
    __table_args__ = (UniqueConstraint("event_id", "kind", "email"), due_index())

    id: str = id_field()
    event_id: str = Field(foreign_key="events.id")
    kind: str = Field(max_length=40)
    email: str = Field(max_length=254, index=True)
    sent_at: datetime | None = None
    """When a server took it; nothing of one that is still due, or went nowhere."""
    failure: str = Field(default="", max_length=200)
    """Why it went nowhere for good; empty when it was sent, or there was nothing to say any more."""
