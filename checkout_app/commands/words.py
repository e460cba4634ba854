"""How commands talk: results on stdout, how far something has come on stderr, and a status for programs."""

import argparse
import sys
import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, Final, ParamSpec

from checkout_app.core.errors import InvalidInput

WRONG_USAGE: Final = 2
NOTHING_KNOWN: Final = 3
_PROGRESS_SECONDS: Final = 3.0
_Given = ParamSpec("_Given")

CarryOut = Callable[[argparse.Namespace], int]
"""Carries a command out and returns its exit status."""


def add(commands: Any, name: str, text: str, carry_out: CarryOut, **more: bool) -> argparse.ArgumentParser:
    """Add a command to those of the program; `more` is what the program has to know of it."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(carry_out=carry_out, **more)
    return parser


def refusing(command: Callable[_Given, int]) -> Callable[_Given, int]:
    """Let a command that can't use what it was given say why, and end so."""

    @wraps(command)
    def carried_out(*given: _Given.args, **named: _Given.kwargs) -> int:
        try:
            return command(*given, **named)
        except InvalidInput as unfit:
            tell(unfit.detail)
            return WRONG_USAGE

    return carried_out


def tell(text: str) -> None:
    """Say a result."""
    print(text, flush=True)


def percent(text: str) -> int:
    """Read per cent as basis points."""
    try:
        points = Decimal(text).scaleb(2)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text} is no number") from error
    if not points.is_finite() or points != points.to_integral_value():
        raise argparse.ArgumentTypeError("at most two decimals")
    return int(points)


class Progress:
    """Says on stderr, every few seconds, how far something long has come; something short says nothing."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PROGRESS_SECONDS

    def tell(self, text: str) -> None:
        """Say it, if it is time to."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _PROGRESS_SECONDS
            print(text, file=sys.stderr, flush=True)
