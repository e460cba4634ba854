"""What was found of everything that going live needs. Who looks stands above, and is made known as the API is built."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import NamedTuple


class Light(StrEnum):
    """How one thing stands; RED keeps a shop from going live, YELLOW is a person's to judge."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Finding(NamedTuple):
    """What one look found, and what to do about it."""

    check: str
    light: Light
    message: str


Look = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at everything that going live needs, within seconds."""
_looks: list[Look] = []


def look_by(look: Look) -> None:
    """Let somebody look from now on, in the place of whoever did."""
    _looks[:] = [look]


async def findings() -> Sequence[Finding]:
    """Look at everything now, what keeps the shop from going live first."""
    found = [finding for look in _looks for finding in await look()]
    return sorted(found, key=lambda finding: (Light.RED, Light.YELLOW, Light.GREEN).index(finding.light))
