"""Figures as lines and bars, drawn here so that no page has to load what draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 100
HEIGHT: Final = 100
"""What is drawn is stretched to the place there is."""
_GAP: Final = 0.25
"""The part of its place that a bar leaves free."""
_LEAST: Final = 1.0
"""How high a bar is of which there is anything at all."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a bar is; all of it in hundredths of the drawing."""

    left: float
    top: float
    width: float
    height: float


def line(values: Sequence[int]) -> str:
    """Draw values as a line from left to right, as the path of an SVG; the highest is at the top."""
    step, most = WIDTH / max(len(values) - 1, 1), max(*values, 1)
    points = (f"{step * place:.1f} {HEIGHT * (1 - value / most):.1f}" for place, value in enumerate(values))
    return f"M{' L'.join(points)}"


def bars(values: Sequence[int]) -> list[Box]:
    """Draw values as bars side by side."""
    step, most = WIDTH / len(values), max(*values, 1)
    found = []
    for place, value in enumerate(values):
        height = max(HEIGHT * value / most, _LEAST) if value else 0.0
        left, width = step * (place + _GAP / 2), step * (1 - _GAP)
        found.append(Box(round(left, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2)))
    return found
