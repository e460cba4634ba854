"""Tables of the journal: events about anything, what follows from them, and issues that wait for a person.

Timeline, audit log and outbox are three readings of one table. Nothing in it is a sentence: those are made when read.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, Index, UniqueConstraint

from checkout_app.core import ids
from checkout_app.core.due import Due, due_index
from checkout_app.core.orm import Base, id_field, partial_index

Data = dict[str, str | int]
"""Ids, integers, a currency's code, what the shop says of itself: nothing that would have to go with a person.

But for one thing, notes about an order, whose words go with its buyer.
"""
AUDITED = "subject = 'account' OR subject = 'refund' OR subject = 'seller' OR actor = 'merchant' OR actor = 'operator'"
"""Which events answer who did what to accounts, money given back, and what the shop says: the audit log."""


class Subject(StrEnum):
    """What an event or an issue is about."""

    ORDER = "order"
    ORPHAN = "orphan"
    """An order at the gateway that the books do not know."""
    ALARM = "alarm"
    """Something that has to hold and does not, from when it began until it ended."""
    ACCOUNT = "account"
    """Who can sign in, or tries to."""
    REFUND = "refund"
    """Money that somebody gives back."""
    SELLER = "seller"
    """What the shopkeeper says of the shop."""
    PRODUCT = "product"
    """Something for sale."""
    WEBHOOK = "webhook"
    """Something that the gateway told."""
    COMPLAINT = "complaint"
    """What somebody finds wrong with the shop."""
    COUPON = "coupon"
    """What somebody takes off a purchase with a word."""


class ActorKind(StrEnum):
    """Who did something."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    """Whoever may give commands where the shop runs."""
    GATEWAY = "gateway"
    SHOP = "shop"
    """The program by itself: a hold ran out, the reconciler looked."""


class Event(Base, table=True):
    """One thing that happened; never changed, never removed."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject_subject_id_id", "subject", "subject_id", "id"),
        partial_index("ix_events_id_audited", "id", where=AUDITED),
    )

    id: str = id_field()
    subject: str = Field(max_length=20)
    subject_id: str = Field(max_length=40)
    kind: str = Field(max_length=40)
    data: Data = Field(default_factory=dict, sa_type=JSON)
    actor: str = Field(max_length=10)
    actor_id: str | None = Field(default=None, max_length=ids.ID_LENGTH)
    """The user, when the actor is one."""


class FollowUp(Base, Due, table=True):
    """One follower's work about one event, written with the event and done once, after its commit."""

    __tablename__ = "follow_ups"
    __table_args__ = (UniqueConstraint("event_id", "follower"), due_index())

    id: str = id_field()
    event_id: str = Field(foreign_key="events.id")
    follower: str = Field(max_length=40)
    done_at: datetime | None = None


class Issue(Base, table=True):
    """One thing that waits for a person. While it is open there is only one of it."""

    __tablename__ = "issues"
    __table_args__ = (
        partial_index(
            "uq_issues_open", "subject", "subject_id", "kind", "about", where="resolved_at IS NULL", unique=True
        ),
        partial_index("ix_issues_id_open", "id", where="resolved_at IS NULL"),
        Index("ix_issues_subject_id_id", "subject_id", "id"),
    )

    id: str = id_field()
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=20)
    subject_id: str = Field(max_length=40)
    about: str = Field(default="", max_length=40)
    """The payment, refund or dispute of the subject that it is about; empty when it is the subject itself."""
    data: Data = Field(default_factory=dict, sa_type=JSON)
    detail: str = Field(default="", max_length=300)
    """What somebody else said about it, such as the gateway: text that can't be made again."""
    resolved_at: datetime | None = None
    resolved_by: str | None = Field(default=None, max_length=ids.ID_LENGTH)
    """The user who resolved it; None when time did."""
    note: str = Field(default="", max_length=300)
    """What that person wrote about it."""
