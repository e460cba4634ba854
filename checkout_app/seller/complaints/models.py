"""The table of complaints; what becomes of one is the issue that it opens."""

from datetime import timedelta
from typing import Final

from sqlmodel import Field

from checkout_app.core.orm import Base, id_field

KIND: Final = "complaint"
"""What its issue is called."""
ANSWERED_WITHIN, SETTLED_WITHIN = timedelta(hours=48), timedelta(days=30)
LONGEST_WORDS, LONGEST_NAME, LONGEST_EMAIL, LONGEST_ORDER, LONGEST_NUMBER = 2_000, 80, 254, 20, 11


class Complaint(Base, table=True):
    """What somebody complains about, who they are, and which order it is about, if they said one."""

    __tablename__ = "complaints"

    id: str = id_field()
    number: str = Field(max_length=LONGEST_NUMBER, unique=True)
    """What people read out, such as `C-7F3K-9Q2D`."""
    name: str = Field(max_length=LONGEST_NAME)
    email: str = Field(max_length=LONGEST_EMAIL, index=True)
    order_number: str = Field(default="", max_length=LONGEST_ORDER)
    words: str = Field(max_length=LONGEST_WORDS)
