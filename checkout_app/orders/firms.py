"""The firm that somebody buys for, as a tax invoice has to name it; what can't be one is refused field by field."""

from dataclasses import dataclass
from typing import Final

from checkout_app.core.errors import InvalidInput
from checkout_app.core.text import Unfit, one_line
from checkout_app.seller import gstin as numbers

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm by its name and its number with GST. The State in that changes no tax: that goes by the delivery."""

    name: str
    gstin: str


def read(name: str, gstin: str, prefix: str = "") -> Firm:
    """Return the firm that somebody has named; raises InvalidInput, its fields under names that begin with `prefix`."""
    wrong: dict[str, str] = {}
    firm = Firm(_name(name, wrong), _number(gstin, wrong))
    if wrong:
        raise InvalidInput({f"{prefix}{field}": sentence for field, sentence in wrong.items()})
    return firm


def _name(words: str, wrong: dict[str, str]) -> str:
    try:
        name = one_line(words, LONGEST_NAME)
    except Unfit:
        wrong["name"] = f"Say the name of the business in at most {LONGEST_NAME} ordinary characters."
        return ""
    if not name:
        wrong["name"] = "Say the name of the business."
    return name


def _number(words: str, wrong: dict[str, str]) -> str:
    try:
        return numbers.read(words)
    except numbers.NoGstin as unfit:
        wrong["gstin"] = str(unfit)
        return ""
