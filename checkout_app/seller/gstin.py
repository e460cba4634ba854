"""A number with GST, of whoever is registered: what can't be one is refused with the reason.

It is checked by its own check digit, not with the authority: whose it is, nobody is asked.
"""

from stdnum.exceptions import ValidationError
from stdnum.in_ import gstin as numbers

from checkout_app.seller.states import STATES


class NoGstin(ValueError):
    """What can't be such a number; its text says why."""


def read(words: str) -> str:
    """Return the number that somebody has typed, as it is written on paper; raises NoGstin."""
    try:
        number = numbers.validate(words)
    except ValidationError as error:
        raise NoGstin("This is no GSTIN: it has 15 characters, and the last one checks the rest.") from error
    if state(number) not in STATES:
        raise NoGstin("This GSTIN is of no State that there is now.")
    return number


def state(number: str) -> str:
    """Return the code of the State that a number is of."""
    return number[:2]
