"""A postal address in India, as parcels need it; what can't be one is refused field by field."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from checkout_app.core.errors import InvalidInput
from checkout_app.core.text import Unfit, one_line
from checkout_app.delivery.places import Place, place_of, state_code
from checkout_app.seller.states import STATES

LONGEST: Final[Mapping[str, int]] = {"name": 80, "line1": 120, "line2": 120, "landmark": 80, "town": 60}
"""Characters of what is free text."""
NO_SUCH_PIN: Final = "No post office has this PIN. It has six digits."
_WHAT: Final[Mapping[str, str]] = {
    "name": "Say who takes the parcel",
    "line1": "Say house and street",
    "line2": "Say the rest of it",
    "landmark": "Name what is near",
    "town": "Say the town",
}
_NEEDED: Final = frozenset({"name", "line1", "town"})
PIN_COOKIE: Final = "pin"
"""In which a browser remembers the PIN that was typed before anybody said the rest of the address."""
_APART: Final = re.compile(r"[\s().-]+")
_MOBILE: Final = re.compile(r"(?:\+?91|0)?([6-9][0-9]{9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Destination:
    """As much of an address as its delivery charge depends on: the PIN, and the code of the State."""

    pin: str
    state: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a parcel goes, and whom the courier calls; `state` is the code of GST."""

    name: str
    phone: str
    pin: str
    line1: str
    line2: str
    landmark: str
    town: str
    state: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a row keeps."""
        return cls(**kept)

    def as_kept(self) -> dict[str, str]:
        """Return it as a row keeps it."""
        return asdict(self)

    @property
    def destination(self) -> Destination:
        """What its delivery charge depends on."""
        return Destination(self.pin, self.state)

    @property
    def lines(self) -> list[str]:
        """It as it is written on a parcel, without the phone."""
        return [self.name, *self._ways, f"{self.town} {self.pin}", STATES[self.state]]

    @property
    def below_name(self) -> list[str]:
        """The same for a label, on which name and PIN stand by themselves."""
        return [*self._ways, self.town, STATES[self.state]]

    @property
    def _ways(self) -> list[str]:
        near = f"Near {self.landmark}" if self.landmark else ""
        return [line for line in (self.line1, self.line2, near) if line]


def read(given: Mapping[str, str], prefix: str = "") -> PostalAddress:
    """Return the address that somebody has typed; raises InvalidInput, its fields under names that begin with `prefix`.

    Town and State may be left out where the PIN says them.
    """
    wrong: dict[str, str] = {}
    pin = plain(given.get("pin", ""))
    place = place_of(pin)
    if place is None:
        wrong["pin"] = NO_SUCH_PIN if pin else "Give its six digits."
    texts = {name: _text(name, given.get(name, ""), wrong) for name in LONGEST if name != "town"}
    town = given.get("town", "") or (place.town if place else "")
    texts["town"] = _text("town", town, wrong, known=place is not None)
    phone = mobile(given.get("phone", ""))
    if not phone:
        wrong["phone"] = "The courier calls: give an Indian mobile number of ten digits."
    state = _state(place, given.get("state", ""), wrong) if place else ""
    if wrong:
        raise InvalidInput({f"{prefix}{name}": sentence for name, sentence in wrong.items()})
    return PostalAddress(phone=phone, pin=pin, state=state, **texts)


def mobile(typed: str) -> str:
    """Return an Indian mobile number as it is kept, however it is spelled; empty when it is none."""
    found = _MOBILE.fullmatch(_APART.sub("", typed))
    return f"+91{found[1]}" if found else ""


def plain(pin: str) -> str:
    """Return a PIN as it is looked up: people type it in two groups."""
    return _APART.sub("", pin)


def remembered(cookies: Mapping[str, str]) -> str:
    """Return the PIN that a browser remembers; empty when that is none."""
    pin = cookies.get(PIN_COOKIE, "")
    return pin if place_of(pin) else ""


def destination(pin: str, state: str = "", prefix: str = "") -> Destination:
    """Return where a parcel with this PIN goes; raises InvalidInput when there is no such PIN, or its State is open."""
    wrong: dict[str, str] = {}
    place = place_of(plain(pin))
    if place is None:
        raise InvalidInput({f"{prefix}pin": NO_SUCH_PIN})
    code = _state(place, state, wrong)
    if wrong:
        raise InvalidInput({f"{prefix}{name}": sentence for name, sentence in wrong.items()})
    return Destination(place.pin, code)


def _text(name: str, text: str, wrong: dict[str, str], *, known: bool = True) -> str:
    try:
        fit = one_line(text, LONGEST[name])
    except Unfit:
        wrong[name] = f"{_WHAT[name]} in at most {LONGEST[name]} ordinary characters."
        return ""
    if not fit and name in _NEEDED and known:
        wrong[name] = f"{_WHAT[name]}."
    return fit


def _state(place: Place, said: str, wrong: dict[str, str]) -> str:
    """Return the State of a place: the only one there is, or the one of several that is said."""
    code = state_code(said) if said.strip() else None
    if said.strip() and code not in place.states:
        wrong["state"] = f"{place.pin} is in {_named(place)}."
    elif code is None and len(place.states) > 1:
        wrong["state"] = f"{place.pin} is in {_named(place)}: say which."
    return code or place.states[0]


def _named(place: Place) -> str:
    several = len(place.states) == len(STATES)
    return "one of the States of India" if several else " or ".join(STATES[code] for code in place.states)
