"""Where a parcel goes as the checkout page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.places import Place
from checkout_app.delivery.rules import Delivery, charge_in_words
from checkout_app.seller.states import STATES

FIELDS: Final = ("name", "phone", "pin", "town", "state", "line1", "landmark")
"""What the section asks for, in its order."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the fields begin with."""

    name: str = ""
    phone: str = ""
    pin: str = ""
    line1: str = ""
    landmark: str = ""


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A State that the PIN may be in."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """What is known of the PIN; empty as long as there is none. `state` is the one of its States that counts."""

    pin: str = ""
    town: str = ""
    states: tuple[StateChoice, ...] = ()
    state: str = ""


def typed_of(form: Mapping[str, str]) -> Typed:
    """Return what to begin with when the section is shown the next time."""
    return Typed(**{name: form.get(name, "") for name in Typed.__dataclass_fields__})


def place_view(place: Place) -> PlaceView:
    """Describe where a PIN is."""
    choices = tuple(StateChoice(code, STATES[code]) for code in place.states)
    return PlaceView(place.pin, place.town, choices, place.state)


def place_of_address(address: PostalAddress) -> PlaceView:
    """Describe where an address is that is known already."""
    return PlaceView(address.pin, address.town, (StateChoice(address.state, STATES[address.state]),), address.state)


def charge(delivery: Delivery | None, currency: str) -> str:
    """Say what the way costs; empty as long as nobody knows."""
    return "" if delivery is None else charge_in_words(delivery.charge, currency)


def takes(delivery: Delivery | None) -> str:
    """Say how long the way takes; empty when nobody has said so."""
    if delivery is None or not delivery.days_to:
        return ""
    days = f"{delivery.days_from} to {delivery.days_to}"
    return f"It is there {days if delivery.days_from != delivery.days_to else delivery.days_to} days after it is sent."
