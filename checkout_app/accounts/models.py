"""The table of tickets, which open a session."""

from datetime import datetime

from sqlmodel import Field

from checkout_app.core.orm import Base


class Ticket(Base, table=True):
    """A one-time pass from the websocket, where a sign-in is checked, to HTTP, where a cookie can be set."""

    __tablename__ = "tickets"

    digest: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the ticket; the ticket itself is not kept."""
    user_id: str = Field(foreign_key="users.id")
    expires_at: datetime
    used_at: datetime | None = None
