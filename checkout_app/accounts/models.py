"""The table of proofs that a mailbox is somebody's."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Index

from checkout_app.core.orm import Base, id_field


class Purpose(StrEnum):
    """What a proof is for."""

    VERIFY = "verify"
    """That an address is theirs: the one they signed up with, or the one they want to have from now on."""
    RESET = "reset"
    """To choose another password without knowing the present one."""
    CODE = "code"
    """To sign in without a password."""
    INVITE = "invite"
    """To become one of the people of the shop."""
    UNDO = "undo"
    """To take the account back to the address that it had, with another password."""


class Factor(Base, table=True):
    """The second factor of one of the people of the shop: an app that shows other digits every half minute.

    What the app keeps, and the codes for when it is lost, are made of the id and a secret of the shop's, again each
    time: the table opens nothing.
    """

    __tablename__ = "factors"

    id: str = id_field()
    user_id: str = Field(foreign_key="users.id", index=True)
    confirmed_at: datetime | None = None
    """When digits came back that the app had made; until then it counts for nothing."""
    last_step: int = 0
    """Of which half minute the digits were that were shown last: they are good once."""
    used_codes: int = 0
    """Which of the codes were used, a bit each."""


class Proof(Base, table=True):
    """A link or a code that was sent to a mailbox, good once and for a while.

    What was sent is made of its id and a secret of the shop's, again each time: the table opens nothing.
    """

    __tablename__ = "proofs"
    __table_args__ = (Index("ix_proofs_user_id_id", "user_id", "id"), Index("ix_proofs_email_id", "email", "id"))

    id: str = id_field()
    user_id: str = Field(foreign_key="users.id")
    purpose: str = Field(max_length=10)
    email: str = Field(max_length=254)
    """To which mailbox it was sent."""
    expires_at: datetime
    used_at: datetime | None = None
    tries: int = 0
    """How many wrong codes were given while it was good."""
    role: str | None = Field(default=None, max_length=10)
    """What they become who accept an invitation; nothing in all others."""
