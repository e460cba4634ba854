"""Tables of whoever is asking: users and their sessions."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Field

from checkout_app.core.orm import Base, id_field, partial_index

ERASED: Final = "@erased.invalid"
"""How the address of somebody ends who was erased: no mailbox has one like it."""


class Role(StrEnum):
    """What somebody may do: buy once, buy and come back, or something for the shop."""

    GUEST = "guest"
    CUSTOMER = "customer"
    OWNER = "merchant"
    """Runs the shop. Stored by the word that rows of before have, which the program of the last revision reads."""
    SHIPPER = "shipper"
    VIEWER = "viewer"

    @property
    def word(self) -> str:
        """What people call it, and the audit log with them."""
        return self.name.lower()


class User(Base, table=True):
    """Somebody who buys. A guest is a user without a password; each guest visit is a user of its own."""

    __tablename__ = "users"
    __table_args__ = (
        # One account an address. Guests prove nothing about their address, so they neither take nor open an account.
        partial_index("uq_users_account_email", "email", where="role <> 'guest'", unique=True),
        partial_index("ix_users_email_guest", "email", where="role = 'guest'"),
        partial_index("ix_users_email_of_the_shop", "email", where="role <> 'guest' AND role <> 'customer'"),
    )

    id: str = id_field()
    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=80)
    role: str = Field(default=Role.CUSTOMER, max_length=10)
    password_hash: str | None = Field(default=None, max_length=60)
    verified_at: datetime | None = None
    """When they last proved that the address is theirs; nothing as long as they have not."""

    @property
    def erased(self) -> bool:
        """Whether they were erased, and nothing is written to them any more."""
        return self.email.endswith(ERASED)


class UserSession(Base, table=True):
    """One sign-in on one device. Its row governs: revoked here, every token of it stops working at once."""

    __tablename__ = "sessions"

    id: str = id_field()
    user_id: str = Field(foreign_key="users.id", index=True)
    expires_at: datetime
    seen_at: datetime | None = None
    """When they were there last, to an hour; nothing in rows of before there was this, and of nobody who came back."""
    revoked_at: datetime | None = None
    factor_at: datetime | None = None
    """When the second factor was shown in it last; nothing as long as it was not."""
