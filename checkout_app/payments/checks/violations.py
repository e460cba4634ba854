"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold: its name, what it is about, and the figures."""

    rule: str
    subject: str
    detail: str
    order_id: str = ""
    """The order to look at again, where there is one."""
