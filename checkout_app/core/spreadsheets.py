"""Tables as files that spreadsheets open: CSV (RFC 4180), of which no cell is carried out as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

MEDIA_TYPE: Final = "text/csv"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet carries out."""
Cell = str | int


def lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows as lines of CSV."""
    written = io.StringIO()
    csv.writer(written).writerows([_guarded(cell) for cell in row] for row in rows)
    return written.getvalue()


def _guarded(cell: Cell) -> Cell:
    """Keep a text from being a formula: behind an apostrophe it is what it says."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
