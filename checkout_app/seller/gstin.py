"""A number with GST, of whoever is registered: what can't be one is refused with the reason.

It is checked by its own check digit, not with the authority: whose it is, nobody is asked.
"""

import re
import string
from typing import Final

from stdnum import luhn
from stdnum.in_ import gstin as numbers
from stdnum.in_ import pan

from checkout_app.seller.states import STATES

_FORM: Final = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]", re.ASCII)
_ALPHABET: Final = string.digits + string.ascii_uppercase


class NoGstin(ValueError):
    """What can't be such a number; its text says why."""


def read(words: str) -> str:
    """Return the number that somebody has typed, as it is written on paper; raises NoGstin.

    Its parts are checked one by one, since the library's table of States is older than Ladakh's code.
    """
    number = numbers.compact(words)
    if not (_FORM.fullmatch(number) and pan.is_valid(number[2:12]) and luhn.is_valid(number, _ALPHABET)):
        raise NoGstin("This is no GSTIN: it has 15 characters, and the last one checks the rest.")
    if state(number) not in STATES:
        raise NoGstin("This GSTIN is of no State that there is now.")
    return number


def state(number: str) -> str:
    """Return the code of the State that a number is of."""
    return number[:2]
