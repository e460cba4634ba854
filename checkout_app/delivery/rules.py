"""What it costs to send a parcel somewhere, by zones, and why: pure, so that everybody who asks is told the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checkout_app.core.money import format_amount, format_price
from checkout_app.delivery.address import Destination
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.seller.states import STATES

CURRENCY = "INR"
"""Zones are in India, and so are their charges."""


class Measure(StrEnum):
    """What the charge of a zone goes by: grams, or minor units of what is in the parcel."""

    WEIGHT = "weight"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Rate:
    """What is charged from where the rate before ends, up to and with `up_to`; None for whatever is beyond."""

    up_to: int | None
    charge: int


@dataclass(frozen=True, slots=True)
class Zone:
    """Where parcels go for the same money: States by their codes, and PINs by how they begin.

    One with neither is for everywhere that no other zone is for. What is not `served` gets nothing at all. `rates` are
    in rising order, so that there is neither a gap nor a doubt between two of them.
    """

    id: str
    name: str
    states: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    served: bool = True
    days_from: int = 0
    days_to: int = 0
    free_from: int | None = None
    by: Measure = Measure.WEIGHT
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent: its weight in grams as far as it is known, and its value in minor units."""

    weight: int
    value: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a parcel's way costs, in minor units, and `why`; from and to how many days it takes, 0 when nobody said."""

    charge: int
    why: str
    days_from: int = 0
    days_to: int = 0


def delivery_of(zones: Sequence[Zone], to: Destination, parcel: Parcel) -> Delivery:
    """Return what it costs to send a parcel; raises NotDeliverable.

    A shop without zones sends everywhere for nothing.
    """
    if not zones:
        return Delivery(0, "The shop has no zones: it sends everywhere for nothing.")
    zone, place = _zone_of(zones, to)
    where = f"{to.pin} ({STATES[to.state]})"
    if zone is None or not zone.served:
        raise NotDeliverable({"pin": f"Nothing is sent to {where}."})
    days = {"days_from": zone.days_from, "days_to": zone.days_to}
    because = f"{where} is in the zone {zone.name}, {place}."
    if zone.free_from is not None and parcel.value >= zone.free_from:
        return Delivery(0, f"{because} From {_money(zone.free_from)} on it costs nothing.", **days)
    measured = parcel.weight if zone.by is Measure.WEIGHT else parcel.value
    for rate in zone.rates:
        if rate.up_to is None or measured <= rate.up_to:
            return Delivery(rate.charge, f"{because} {_said(zone, rate)}", **days)
    most = _measure(zone, zone.rates[-1].up_to or 0)
    raise NotDeliverable({"pin": f"No more than {most} in one parcel is sent to {where}."})


def serves(zones: Sequence[Zone], to: Destination) -> Zone | None:
    """Return the zone that a place is in if anything is sent there; None where nothing is, or no zone was ever made."""
    zone, _ = _zone_of(zones, to)
    return zone if zone and zone.served else None


def charge_in_words(charge: int, currency: str) -> str:
    """Say what the way costs, or cost."""
    return format_amount(charge, currency) if charge else "Free"


def _zone_of(zones: Sequence[Zone], to: Destination) -> tuple[Zone | None, str]:
    """Find the zone that is most exactly for a place, and by what it is: by PIN before by State before by default."""
    best: tuple[int, Zone | None, str] = (0, None, "")
    for zone in zones:
        for found in _claims(zone, to):
            if found[0] > best[0]:
                best = (found[0], zone, found[1])
    return best[1], best[2]


def _claims(zone: Zone, to: Destination) -> list[tuple[int, str]]:
    """Return how exactly a zone is for a place, each time that it is, and in words."""
    claims = [(2 + len(pin), f"by PINs that begin with {pin}") for pin in zone.pins if to.pin.startswith(pin)]
    if to.state in zone.states:
        claims.append((2, "by its State"))
    if not zone.pins and not zone.states:
        claims.append((1, "which is for all the rest"))
    return claims


def _said(zone: Zone, rate: Rate) -> str:
    charge = _money(rate.charge)
    if rate.up_to is not None:
        return f"Up to {_measure(zone, rate.up_to)} it costs {charge}."
    before = zone.rates[-2].up_to if len(zone.rates) > 1 else None
    return f"Beyond {_measure(zone, before)} it costs {charge}." if before is not None else f"It costs {charge}."


def _measure(zone: Zone, measured: int) -> str:
    return f"{measured:,} g" if zone.by is Measure.WEIGHT else _money(measured)


def _money(amount: int) -> str:
    return format_price(amount, CURRENCY)
