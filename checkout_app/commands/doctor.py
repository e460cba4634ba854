"""The command that looks over everything that going live needs."""

import asyncio
from typing import Any

from checkout_app.commands.words import add, tell


def add_to(commands: Any) -> None:
    """Add the command to those of the program."""
    text = "Look over everything that going live needs, and say what to do about what is not right."
    looking = add(commands, "doctor", text, lambda given: doctor(as_json=given.json), bears_anything=True)
    looking.add_argument("--json", action="store_true", help="say it to a program")


def doctor(*, as_json: bool) -> int:
    """Look over everything that going live needs, and say what to do; returns 1 when anything is red."""
    from checkout_app.server.doctor import report

    return asyncio.run(report.doctor(tell, as_json=as_json))
