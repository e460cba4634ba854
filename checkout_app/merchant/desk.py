"""Who is at work in the back office, as each of its pages says."""

from dataclasses import dataclass

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at work, by their address, and the word for what they may do."""

    email: str
    role: str


def desk(person: Identity) -> Desk:
    """Describe who is at work."""
    return Desk(person.email, Role(person.role).word)
