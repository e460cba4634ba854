"""The town and State that a PIN is in.

The table of PINs comes with a package; it is read when a PIN is first looked up, within a hundredth of a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import indian_pincode

from checkout_app.seller.states import STATES

_CODES: Final[Mapping[str, str]] = {name.casefold(): code for code, name in STATES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a PIN is. `town` is its district, empty where it lies in several; of several `states` one has to be said.

    Where the post has not said in which State a PIN lies, all of them are there to choose from.
    """

    pin: str
    town: str
    states: tuple[str, ...]

    @property
    def state(self) -> str:
        """The State it is in; empty where one has to be said."""
        return self.states[0] if len(self.states) == 1 else ""


def place_of(pin: str) -> Place | None:
    """Return where a PIN is; None when no post office has it."""
    known = indian_pincode.get_details(pin) if len(pin) == 6 and pin.isascii() else None  # noqa: PLR2004 - a PIN has six digits
    if known is None:
        return None
    states = tuple(code for name in known["states"] if (code := state_code(name)))
    districts = known["districts"]
    return Place(pin, _written(districts[0]) if len(districts) == 1 else "", states or tuple(STATES))


def state_code(text: str) -> str | None:
    """Return the code of a State that is named by it or by its name; None for no State."""
    said = " ".join(text.split()).casefold()
    return said if said in STATES else _CODES.get(said.removeprefix("the "))


def _written(district: str) -> str:
    """Write a district as people do; the table has it in capitals."""
    return district.title().replace(" And ", " and ")
