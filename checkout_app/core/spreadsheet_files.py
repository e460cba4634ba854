"""Read tables as spreadsheets leave them: in their letters, with their separators, below headings as people type them.

What was written by `core.spreadsheets` is read as what it was.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from checkout_app.core.spreadsheets import unguarded

_SEPARATORS: Final = ",;\t|"
_TOLD: Final = re.compile(rf"sep=([{_SEPARATORS}])\s*", re.IGNORECASE)
"""A first line by which Excel is told what separates cells."""
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""A formula that says a text, which keeps Excel from taking it for a number."""
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods begin, and .xls."""
_BEYOND: Final = re.compile(r"[^\w]+|_+")
_BREAKS: Final = re.compile(r"\r\n?")


class Unreadable(ValueError):
    """A file that is no table; says what to do about it."""


class Row(NamedTuple):
    """What stands in a row below the headings, by heading; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: Mapping[str, str]


class Table(NamedTuple):
    """The headings of a table, as they are typed by what `heading` makes of them, and the rows in which anything is."""

    headings: Mapping[str, str]
    rows: Sequence[Row]


def heading(said: str) -> str:
    """Return what a heading is called, whatever the case, spaces and signs it is typed with."""
    return _BEYOND.sub("_", said.casefold()).strip("_")


def said(text: str) -> str:
    """Return a text as a cell has it: without what surrounds it, its lines ending as ours do."""
    return _BREAKS.sub("\n", text).strip()


def read(content: bytes, most_rows: int) -> Table:
    """Read a file; raises Unreadable. It takes its time: not for the event loop."""
    lines = _numbered(_text(content))
    _, said = next(lines, (0, []))
    if not said:
        raise Unreadable("There is nothing in this file.")
    names = [heading(cell) for cell in said]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            raise Unreadable(f"There are two columns called {said[place]}.")
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) == most_rows:
            raise Unreadable(f"There are more than {most_rows:,} rows: make several files of it.")
        whole = list(zip_longest(names, cells, fillvalue=""))
        if any(cell for name, cell in whole if not name):
            raise Unreadable(f"Something in row {number} stands below no heading.")
        rows.append(Row(number, {name: cell for name, cell in whole if name}))
    return Table({name: cell for name, cell in zip(names, said, strict=True) if name}, rows)


def _text(content: bytes) -> str:
    """Turn what a spreadsheet has written into text: UTF-8, UTF-16 or, where it is neither, Windows-1252."""
    if content.startswith(_WORKBOOKS):
        raise Unreadable("This is a workbook: save it as “CSV UTF-8” first.")
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("This is no text that we can read: save it as “CSV UTF-8”.")


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows in which something stands, without what surrounds their cells, each with its number."""
    first = next(iter(text.lstrip().splitlines()), "")
    told = _TOLD.fullmatch(first)
    separator = told[1] if told else max(_SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for row in rows:
            number += 1
            cells = [_cell(text) for text in row]
            if any(cells) and not told:
                yield number, cells
            elif any(cells):
                told, number = None, 0  # which was this row, that no spreadsheet shows
    except csv.Error as error:
        raise Unreadable(f"Row {number + 1} can't be read: a quotation mark in it has no other.") from error


def _cell(text: str) -> str:
    as_text = _AS_TEXT.fullmatch(cell := said(text))
    return as_text[1] if as_text else said(unguarded(cell))
