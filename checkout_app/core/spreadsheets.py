"""Tables as files that spreadsheets open: CSV (RFC 4180), of which no cell is carried out as a formula."""

import csv
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

from checkout_app.core.pagination import Page

MOST_ROWS: Final = 10_000
"""Rows of a long list at most: who needs more asks for a smaller view."""
PAGE: Final = 500
"""So many of them are asked for at a time."""
MEDIA_TYPE: Final = "text/csv"
MARK: Final = "\ufeff"
"""Before a whole file it tells Excel that this is UTF-8: without it, Hindi is opened as Windows-1252."""
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet carries out, behind as many apostrophes as it may have of its own."""
Cell = str | int
Row = TypeVar("Row")


def lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows as lines of CSV."""
    written = io.StringIO()
    csv.writer(written).writerows([_guarded(cell) for cell in row] for row in rows)
    return written.getvalue()


async def table(
    columns: Sequence[str],
    page: Page[Row],
    pages: Callable[..., Awaitable[Page[Row]]],
    cells: Callable[[Row], Sequence[Cell]],
) -> AsyncIterator[str]:
    """Yield the lines of a long list, a page at a time; what follows the first is asked for by its `cursor`."""
    yield lines([columns])
    left = MOST_ROWS
    while True:
        yield lines(cells(row) for row in page.items[:left])
        left -= len(page.items)
        if page.next_cursor is None or left <= 0:
            return
        page = await pages(cursor=page.next_cursor)


def unguarded(cell: str) -> str:
    """Return what a cell said before it was kept from being a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _guarded(cell: Cell) -> Cell:
    """Keep a text from being a formula: behind an apostrophe it is what it says."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
