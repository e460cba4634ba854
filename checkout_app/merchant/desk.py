"""Who is at work in the back office, and what they ask it for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.journal.models import ActorKind
from checkout_app.shopfront.service import Content

BY: Final[Mapping[ActorKind, str]] = {
    ActorKind.BUYER: "Buyer",
    ActorKind.MERCHANT: "The shop",
    ActorKind.OPERATOR: "Operator",
    ActorKind.GATEWAY: "Razorpay",
    ActorKind.SHOP: "By itself",
}
"""Who did something, where nobody knows them better."""
Asked = Mapping[str, Sequence[str]]
"""The query of an address: of each name, what it was said to be."""
Room = Callable[[str, Asked, Identity], Awaitable[Content | None]]
"""Says what is on the page of a path, of what was asked there, for who looks at it; None for no page of that room."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at work, by their address, and the word for what they may do, as each page says."""

    email: str
    role: str


def desk(person: Identity) -> Desk:
    """Describe who is at work."""
    return Desk(person.email, Role(person.role).word)


def first(asked: Asked, name: str) -> str:
    """Return what a name was said to be, the first time; nothing when it was not said."""
    return next(iter(asked.get(name, ())), "")


def day_in(asked: Asked) -> date | None:
    """Return the `day` that is asked for; None where none is, or what is said is none."""
    with suppress(ValueError):
        return date.fromisoformat(first(asked, "day"))
    return None
