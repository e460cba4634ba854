"""What a check finds."""

from dataclasses import dataclass

from checkout_app.core import database
from checkout_app.core.rounds import Round


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold: its name, what it is about, and the figures."""

    rule: str
    subject: str
    detail: str
    order_id: str = ""
    """The order to look at again, where there is one."""


async def kept_by(name: str) -> tuple[Round | None, list[Violation]]:
    """Return a round, whichever process made it last, and what it kept of what it found."""
    async with database.ask() as session:
        last = await session.get(Round, name)
    return last, [Violation(**violation) for violation in last.found] if last else []
