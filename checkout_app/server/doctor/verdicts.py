"""What a look at one thing comes to: a light, and a sentence that says what to do."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from checkout_app.merchant.live.findings import Light


class Verdict(NamedTuple):
    """How one thing stands, and what to do about it."""

    light: Light
    message: str


Check = Callable[[], Verdict | Awaitable[Verdict]]
"""A look at one thing. What it raises on its way out of a program, such as DatabaseAway, is its message in red."""


def green(message: str) -> Verdict:
    """Say that something is as it should be."""
    return Verdict(Light.GREEN, message)


def yellow(message: str) -> Verdict:
    """Say that a person has to judge something."""
    return Verdict(Light.YELLOW, message)


def red(message: str) -> Verdict:
    """Say that something has to be put right first."""
    return Verdict(Light.RED, message)
