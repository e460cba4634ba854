"""Where the shop sends as the back office shows it: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core.money import in_major_units
from checkout_app.delivery.rules import CURRENCY, Measure, Rate, Zone
from checkout_app.delivery.words import places, terms
from checkout_app.delivery.zones import MOST_RATES
from checkout_app.merchant.desk import Desk, desk
from checkout_app.seller.states import STATES

ZONES: Final = "/merchant/delivery"
NEW: Final = "new"
_MORE_RATES: Final = 2
"""How many empty rows follow the rates that there are."""


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone in the list."""

    href: str
    name: str
    places: str
    terms: str


@dataclass(frozen=True, slots=True)
class BenchView:
    """What somebody asked of a parcel, as they typed it, and what was answered: `wrong` where nothing is sent."""

    pin: str = ""
    weight: str = ""
    value: str = ""
    state: str = ""
    said: str = ""
    why: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ZonesView:
    """Where the shop sends, and what a parcel would cost; `new` leads to a form for one more, if who looks may."""

    desk: Desk
    zones: tuple[ZoneView, ...]
    bench: BenchView
    new: str


@dataclass(frozen=True, slots=True)
class StateTick:
    """A State, and whether it is in the zone."""

    code: str
    name: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate as it is typed, and what its fields are called."""

    number: int
    up_to: str
    up_to_name: str
    charge: str
    charge_name: str


@dataclass(frozen=True, slots=True)
class ZoneFormView:
    """A zone to be changed, or a new one; amounts in rupees as they are typed.

    `action` is where it is sent, by PUT for one that is there, and empty for who may only look; `otherwise` leads to
    the same form with charges by what is in the parcel instead of by weight, or the other way round.
    """

    desk: Desk
    title: str
    action: str
    is_new: bool
    name: str
    served: bool
    by: str
    by_weight: bool
    otherwise: str
    states: tuple[StateTick, ...]
    pins: str
    days_from: str
    days_to: str
    free_from: str
    rates: tuple[RateRow, ...] = field(default_factory=tuple)


def zones_view(person: Identity, zones: Sequence[Zone], bench: BenchView) -> ZonesView:
    """Describe where the shop sends for who looks at it."""
    return ZonesView(
        desk=desk(person),
        zones=tuple(
            ZoneView(f"{ZONES}/{zone.id}", zone.name, _sentence(places(zone)), _sentence(terms(zone))) for zone in zones
        ),
        bench=bench,
        new=f"{ZONES}/{NEW}" if Caller.OWNER.admits(person.role) else "",
    )


def zone_form_view(person: Identity, zone: Zone) -> ZoneFormView:
    """Describe a zone, whose id is empty when it is a new one, for who may change it or only look."""
    by_weight = zone.by is Measure.WEIGHT
    other = Measure.VALUE if by_weight else Measure.WEIGHT
    action = f"/api/merchant/zones/{zone.id}" if zone.id else "/api/merchant/zones"
    rows = min(len(zone.rates) + _MORE_RATES, MOST_RATES)
    return ZoneFormView(
        desk=desk(person),
        title=zone.name or "A new zone",
        action=action if Caller.OWNER.admits(person.role) else "",
        is_new=not zone.id,
        name=zone.name,
        served=zone.served,
        by=zone.by.value,
        by_weight=by_weight,
        otherwise=f"{ZONES}/{zone.id or NEW}?by={other.value}",
        states=tuple(StateTick(code, name, code in zone.states) for code, name in STATES.items()),
        pins=", ".join(zone.pins),
        days_from=str(zone.days_from or ""),
        days_to=str(zone.days_to or ""),
        free_from=_rupees(zone.free_from),
        rates=tuple(_rate_row(number, dict(enumerate(zone.rates)).get(number), zone.by) for number in range(rows)),
    )


def _rate_row(number: int, rate: Rate | None, by: Measure) -> RateRow:
    end = rate.up_to if rate else None
    return RateRow(
        number=number + 1,
        up_to=str(end or "") if by is Measure.WEIGHT else _rupees(end),
        up_to_name=f"rates.{number}.up_to",
        charge=_rupees(rate.charge if rate else None),
        charge_name=f"rates.{number}.charge",
    )


def _rupees(amount: int | None) -> str:
    return "" if amount is None else f"{in_major_units(amount, CURRENCY):f}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
