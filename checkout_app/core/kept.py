"""What is made of an answer of the database, kept for as long as the database answers the same.

It is asked each time, so nothing that is kept is ever out of date, whoever changed the rows. What is spared is making
objects and texts of them, which costs several times what fetching them does.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from checkout_app.core.statements import Statement

Item = TypeVar("Item")
Made = TypeVar("Made")


class Kept(Generic[Item, Made]):
    """A statement without parameters, what its answer was the last time, and what was made of that."""

    def __init__(self, statement: Statement[Item], make: Callable[[Sequence[Item]], Made]) -> None:
        self.statement = statement
        self._make = make
        self._rows: Sequence[Sequence[Any]] | None = None
        self._made: Made

    def of(self, rows: Sequence[Sequence[Any]], read: Callable[[], Sequence[Item]]) -> Made:
        """Return what is made of rows as they came; `read` turns them into what the statement stands for."""
        if rows != self._rows:
            self._made, self._rows = self._make(read()), rows
        return self._made
