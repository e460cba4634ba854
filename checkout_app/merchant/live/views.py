"""What going live needs, as the back office shows it: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.live.findings import Finding, Light

_STATUS: Final = {
    Light.RED: ("To put right", "danger"),
    Light.YELLOW: ("For you to judge", "warning"),
    Light.GREEN: ("All right", "success"),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that going live needs, how it stands, and what to do about it."""

    name: str
    message: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class LiveView:
    """All of it, what keeps the shop from going live first; `said` sums it up."""

    desk: Desk
    said: str
    tone: str
    steps: tuple[StepView, ...]


def live_view(person: Identity, found: Sequence[Finding]) -> LiveView:
    """Describe what was found for who looks at it."""
    reds = sum(finding.light is Light.RED for finding in found)
    things = "One thing keeps" if reds == 1 else f"{reds} things keep"
    return LiveView(
        desk=desk(person),
        said=f"{things} the shop from going live." if reds else "Nothing keeps the shop from going live.",
        tone=_STATUS[Light.RED if reds else Light.GREEN][1],
        steps=tuple(StepView(_named(finding.check), finding.message, *_STATUS[finding.light]) for finding in found),
    )


def _named(check: str) -> str:
    return check[:1].upper() + check[1:]
