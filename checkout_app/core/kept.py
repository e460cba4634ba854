"""What is made of an answer of the database, kept for as long as the database answers the same.

It is asked each time, so nothing that is kept is ever out of date, whoever changed the rows. What is spared is making
objects and texts of them, which costs several times what fetching them does.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, Generic, TypeVar

Made = TypeVar("Made")

MOST: Final = 32
"""How many different questions' answers are kept, those that were asked last."""

Rows = Sequence[Sequence[Any]]


class Kept(Generic[Made]):
    """What was answered the last time that something was asked, and what was made of it.

    `make` gets the answer's items, and by their names the values with which it was asked.
    """

    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make
        self._known: dict[Hashable, tuple[Rows, Made]] = {}

    def of(self, asked: Hashable, rows: Rows, read: Callable[[], Sequence[Any]], **values: Any) -> Made:
        """Return what is made of rows as they came; `read` turns them into what the statement stands for."""
        known = self._known.pop(asked, None)
        if known is None or known[0] != rows:
            known = rows, self._make(read(), **values)
        self._known[asked] = known
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return known[1]
