"""Tables of the policies: each saved text is a row that stays, and the answers that texts are made from are one."""

from enum import StrEnum
from typing import Final

from sqlmodel import Field, UniqueConstraint

from checkout_app.core import ids
from checkout_app.core.orm import Base, id_field
from checkout_app.seller.models import ONLY

LONGEST_POLICY: Final = 20_000
LONGEST_STORY, LONGEST_ANSWER = 1_000, 200
MOST_DAYS: Final = 90


class PolicyKind(StrEnum):
    """Which page it is; its address is a slash and this, and footers name them in this order."""

    ABOUT = "about"
    CONTACT = "contact"
    TERMS = "terms"
    PRIVACY = "privacy"
    REFUNDS = "refunds"
    SHIPPING = "shipping"
    GRIEVANCE = "grievance"


class Pays(StrEnum):
    """Who pays for the way back of what a buyer returns."""

    BUYER = "buyer"
    SELLER = "seller"


class Policy(Base, table=True):
    """One text of a page; the newest version is what the page says. Never changed, never removed."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: str = id_field()
    kind: str = Field(max_length=12)
    version: int
    """Which text of its page it is, from 1 on."""
    text: str = Field(max_length=LONGEST_POLICY)
    by_hand: bool = False
    """Whether somebody wrote it; else it was made from the answers."""
    made_by: str | None = Field(default=None, max_length=ids.ID_LENGTH)
    """The user who saved it."""


class Answers(Base, table=True):
    """What the shopkeeper answers to the questions that the texts are made from; it has one row."""

    __tablename__ = "policy_answers"

    id: str = Field(default=ONLY, primary_key=True, max_length=6)
    story: str = Field(default="", max_length=LONGEST_STORY)
    """Who they are, in their own words."""
    makes: str = Field(default="", max_length=LONGEST_ANSWER)
    ships_to: str = Field(default="all of India", max_length=LONGEST_ANSWER)
    dispatch_days: int = 2
    transit_days: int = 7
    cancels: bool = True
    """Whether a paid order may be cancelled until it is shipped."""
    return_days: int = 7
    """For how many days after it arrived something may be returned; 0 for not at all."""
    return_paid_by: str = Field(default=Pays.BUYER, max_length=6)
    not_returned: str = Field(default="", max_length=LONGEST_ANSWER)
    """What can't be returned."""
    refund_days: int = 5
    """Within how many days the money is sent back."""
