"""Who did something, as an event remembers it."""

from dataclasses import dataclass

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.journal.models import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts; `user_id` when it is a person."""

    kind: ActorKind
    user_id: str | None = None

    @classmethod
    def of(cls, identity: Identity) -> "Actor":
        """Tell who acts by the proof of who asks."""
        kind = ActorKind.MERCHANT if identity.role in Caller.SHOP.roles else ActorKind.BUYER
        return cls(kind, identity.user_id)


OPERATOR = Actor(ActorKind.OPERATOR)
GATEWAY = Actor(ActorKind.GATEWAY)
SHOP = Actor(ActorKind.SHOP)
