"""What people and spreadsheets write into a cell, read as what a draft takes; Unfit is raised where it can't be."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from types import EllipsisType
from typing import Final

from checkout_app.core.text import Unfit

_PRICE: Final = re.compile(
    r"(?:₹|rs\.?|inr)?([0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(\.[0-9]{1,2}0*)?(?:/-)?", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.0+)?")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2}0*)?)%?")
_ROUNDED: Final = re.compile(r"[0-9](?:\.[0-9]+)?e\+[0-9]+", re.IGNORECASE)
"""How a spreadsheet writes a long number, of which it has lost figures."""
_YES: Final = frozenset({"yes", "y", "true", "1", "on", "हाँ", "हां", "जी हाँ"})
_NO: Final = frozenset({"no", "n", "false", "0", "off", "नहीं", "ना"})
_LONGEST_NUMBER: Final = 40
_TOLD_APART: Final = ": "


def words(cell: str) -> str:
    """Take a text as it is."""
    return cell


def price(cell: str) -> int:
    """Read an amount in rupees, such as 1299, 1,29,900.00 or ₹ 499/-, as minor units."""
    if not (read := _PRICE.fullmatch(_plain(cell))):
        raise Unfit("Write a price such as 1,299.50.")
    return int(Decimal(read[1].replace(",", "") + (read[2] or "")).scaleb(2))


def percent(cell: str) -> int | EllipsisType:
    """Read a rate such as 18, 0.25 or 5 % as basis points; an empty cell says nothing."""
    if not cell:
        return ...
    if not (read := _PERCENT.fullmatch(_plain(cell))):
        raise Unfit("Write GST in percent, such as 18.")
    return int(Decimal(read[1]).scaleb(2))


def whole(cell: str) -> int | None:
    """Read a whole number; an empty cell is None."""
    if not cell:
        return None
    if not (read := _WHOLE.fullmatch(_plain(cell))):
        raise Unfit("Write a whole number.")
    return int(read[1].replace(",", ""))


def code(cell: str) -> str:
    """Read an HSN or SAC code, with the zero at its beginning that a spreadsheet takes from a number."""
    text = _plain(cell).removesuffix(".0")
    if _ROUNDED.fullmatch(text):
        raise Unfit("The spreadsheet has rounded this code: format the column as text, and write it anew.")
    return f"0{text}" if text.isdecimal() and len(text) in {3, 5, 7} else text


def sku(cell: str) -> str | EllipsisType:
    """Read a SKU; an empty cell says nothing."""
    if _ROUNDED.fullmatch(cell):
        raise Unfit("The spreadsheet has rounded this SKU: format the column as text, and write it anew.")
    return cell or ...


def yes(cell: str) -> bool | EllipsisType:
    """Read yes or no; an empty cell says nothing."""
    text = unicodedata.normalize("NFC", cell).casefold()
    if text not in _YES | _NO:
        if text:
            raise Unfit("Write yes or no.")
        return ...
    return text in _YES


def pairs(cell: str) -> list[dict[str, str]]:
    """Read lines of a term, a colon and a text."""
    split = (line.partition(_TOLD_APART.strip()) for line in cell.splitlines() if line.strip())
    return [{"term": term.strip(), "text": text.strip()} for term, _, text in split]


def as_price(amount: int) -> str:
    """Write minor units as rupees that every spreadsheet takes for a number."""
    return str(Decimal(amount).scaleb(-2))


def as_percent(rate: int) -> str:
    """Write basis points likewise."""
    return f"{Decimal(rate).scaleb(-2).normalize():f}"


def as_words(text: str | None) -> str:
    """Write a text."""
    return (text or "").strip()


def as_whole(number: int | None) -> str:
    """Write a whole number; None is an empty cell."""
    return "" if number is None else str(number)


def as_yes(said: bool) -> str:  # noqa: FBT001 - it is what is written
    """Write yes or no."""
    return "yes" if said else "no"


def as_pairs(rows: Sequence[dict[str, str]]) -> str:
    """Write each term with its text in a line."""
    return "\n".join(f"{row['term']}{_TOLD_APART}{row['text']}" for row in rows)


def _plain(cell: str) -> str:
    """Return figures as ASCII, whatever script they are of, without spaces and without the apostrophe of a text."""
    if len(cell) > _LONGEST_NUMBER:
        raise Unfit("This is no number.")
    figures = (str(unicodedata.digit(each)) if each.isdecimal() else each for each in cell if not each.isspace())
    return "".join(figures).removeprefix("'")
