"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and where the next ones begin (None on the last page)."""

    items: Sequence[T]
    next_cursor: str | None


def page_of(rows: Sequence[T], limit: int, cursors: Sequence[str]) -> Page[T]:
    """Cut one row more than a page down to a page; `cursors` names each row's place."""
    return Page(items=rows[:limit], next_cursor=cursors[limit - 1] if len(rows) > limit else None)
