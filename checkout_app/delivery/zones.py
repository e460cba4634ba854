"""The zones of the shop: read beside whatever depends on them, and changed one at a time."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Text, cast
from sqlmodel import col, delete, func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.delivery.errors import ZoneNotFound
from checkout_app.delivery.models import LONGEST_ZONE, DeliveryZone
from checkout_app.delivery.rules import Measure, Rate, Zone
from checkout_app.journal import service as journal
from checkout_app.journal.actors import OPERATOR, Actor
from checkout_app.journal.models import Subject
from checkout_app.seller.models import ONLY, Seller
from checkout_app.seller.service import CHANGED
from checkout_app.seller.states import STATES

MOST_ZONES: Final = 20
MOST_PINS: Final = 100
MOST_RATES: Final = 12
MOST_DAYS: Final = 60
LARGEST_MEASURE: Final = LARGEST_AMOUNT
LONGEST_NAME: Final = 60
_ID: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_ZONE - 1}}}", re.ASCII)
_NO_ID: Final = re.compile(r"[^a-z0-9]+", re.ASCII)
_OF_NAME: Final = LONGEST_ZONE - 3
"""Characters of an id that are made of a name: a number may follow."""
_PIN: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)

ZONES: Final[Any] = func.coalesce(
    select(func.aggregate_strings(cast(col(DeliveryZone.said), Text), "\n")).scalar_subquery(), ""
).label("zones")
"""All zones in one value, a line each, for a question that is about more: `zones_in` makes them of it."""
_ALL: Final = Statement[str](select(ZONES))


@lru_cache(maxsize=4)
def zones_in(lines: str) -> tuple[Zone, ...]:
    """Return the zones of what `ZONES` answers, made once for as long as that is the same."""
    return tuple(sorted((_zone(json.loads(line)) for line in lines.splitlines()), key=lambda zone: zone.id))


async def zones() -> tuple[Zone, ...]:
    """Return the shop's zones, in the order of their ids."""
    async with database.ask() as session:
        return zones_in((await session.exec(_ALL)).one())


async def there_are(session: Session) -> bool:
    """Tell whether the shop has said where it sends; from then on each parcel goes to an address."""
    return bool((await session.exec(_ALL)).one())


async def put(zone: Zone, by: Actor = OPERATOR) -> Zone:
    """Let there be a zone, in the place of the one with its id if there is one; raises InvalidInput.

    It counts for what is ordered from now on.
    """
    fit = _checked(zone)
    async with database.write() as session:
        await _put(session, fit, await _locked(session), by)
    return fit


async def add(zone: Zone, by: Actor = OPERATOR) -> Zone:
    """Let there be one zone more, with an id made of its name; raises InvalidInput, also where it has none."""
    if not zone.name.strip():
        raise InvalidInput({"name": "Say what people call it."})
    named = _NO_ID.sub("-", zone.name.lower())[:_OF_NAME].strip("-") or "zone"
    fit = _checked(replace(zone, id=named))
    async with database.write() as session:
        known = await _locked(session)
        taken, number = {other.id for other in known}, 1
        while fit.id in taken:
            number += 1
            fit = replace(fit, id=f"{named}-{number}")
        await _put(session, fit, known, by)
    return fit


async def _put(session: Session, fit: Zone, known: Sequence[Zone], by: Actor) -> None:
    _require_its_own(fit, [other for other in known if other.id != fit.id])
    row = await session.get(DeliveryZone, fit.id)
    before = row.said if row else {}
    if row is None:
        session.add(DeliveryZone(id=fit.id, said=asdict(fit)))
    else:
        row.said = asdict(fit)
    await _tell(session, fit.id, before, asdict(fit), by)


async def remove(zone_id: str, by: Actor = OPERATOR) -> None:
    """Let a zone be no more; raises ZoneNotFound."""
    async with database.write() as session:
        await _locked(session)
        row = await session.get(DeliveryZone, zone_id)
        if row is None:
            raise ZoneNotFound
        await session.exec(delete(DeliveryZone).where(col(DeliveryZone.id) == zone_id))
        await _tell(session, zone_id, row.said, {}, by)


async def _locked(session: Session) -> Sequence[Zone]:
    """Return the zones as they are until the transaction ends: whoever changes one waits for the seller's row."""
    await database.insert_new(session, Seller())
    await database.lock(session, Seller, [ONLY])
    return zones_in((await session.exec(_ALL)).one())


async def _tell(session: Session, zone_id: str, before: dict[str, Any], after: dict[str, Any], by: Actor) -> None:
    said = {name: json.dumps(what) if what else "" for name, what in (("before", before), ("after", after))}
    await journal.record(session, Subject.SELLER, ONLY, CHANGED, by, what=f"zone {zone_id}", **said)


def _zone(said: dict[str, Any]) -> Zone:
    rates = tuple(Rate(**rate) for rate in said["rates"])
    places = {"states": tuple(said["states"]), "pins": tuple(said["pins"])}
    return Zone(**said | places | {"by": Measure(said["by"]), "rates": rates})


def _checked(zone: Zone) -> Zone:
    """Return a zone as it is kept; raises InvalidInput."""
    wrong: dict[str, str] = {}
    if not _ID.fullmatch(zone.id):
        wrong["id"] = f"Up to {LONGEST_ZONE} small letters, figures and hyphens."
    try:
        name = one_line(zone.name, LONGEST_NAME) or zone.id
    except Unfit:
        wrong["name"] = f"A name has at most {LONGEST_NAME} ordinary characters."
        name = ""
    if unknown := [code for code in zone.states if code not in STATES]:
        wrong["states"] = f"No State has the code {unknown[0][:4]!r}."
    if len(zone.pins) > MOST_PINS or not all(map(_PIN.fullmatch, zone.pins)):
        wrong["pins"] = f"At most {MOST_PINS} beginnings of PINs, each of one to six digits."
    if not 0 <= zone.days_from <= zone.days_to <= MOST_DAYS:
        wrong["days"] = f"From so many days to as many or more, at most {MOST_DAYS}."
    if zone.free_from is not None and not 0 <= zone.free_from <= LARGEST_AMOUNT:
        wrong["free_from"] = f"An amount of at most {LARGEST_AMOUNT} minor units."
    if sentence := _wrong_rates(zone):
        wrong["rates"] = sentence
    if wrong:
        raise InvalidInput(wrong)
    states, pins = tuple(sorted(set(zone.states))), tuple(sorted(set(zone.pins)))
    return Zone(**{name: getattr(zone, name) for name in _AS_GIVEN}, name=name, states=states, pins=pins)


_AS_GIVEN: Final = ("id", "served", "days_from", "days_to", "free_from", "by", "rates")


def _wrong_rates(zone: Zone) -> str:
    """Say what is wrong with a zone's rates; nothing when they are as they have to be."""
    if not zone.served:
        return "Nothing is charged where nothing is sent." if zone.rates else ""
    if not 1 <= len(zone.rates) <= MOST_RATES:
        return f"From 1 to {MOST_RATES} rates: what is charged, and up to where."
    if any(not 0 <= rate.charge <= LARGEST_AMOUNT for rate in zone.rates):
        return f"A charge is at most {LARGEST_AMOUNT} minor units."
    ends = [rate.up_to for rate in zone.rates]
    if None in ends[:-1]:
        return "Only the last rate may have no end."
    given = [end for end in ends if end is not None]
    rising = all(before < after for before, after in zip([0, *given], given, strict=False))
    if not rising or any(end > LARGEST_MEASURE for end in given):
        return f"Each rate ends beyond the one before, at {LARGEST_MEASURE} at most."
    return ""


def _require_its_own(zone: Zone, others: Sequence[Zone]) -> None:
    """Refuse a zone for what another one is for; raises InvalidInput."""
    if len(others) >= MOST_ZONES:
        raise InvalidInput({"id": f"A shop has at most {MOST_ZONES} zones."})
    for other in others:
        if not (zone.states or zone.pins or other.states or other.pins):
            raise InvalidInput({"states": f"The zone {other.name} is for all the rest already."})
        if both := sorted(set(zone.states) & set(other.states)):
            raise InvalidInput({"states": f"{STATES[both[0]]} is in the zone {other.name} already."})
        if both := sorted(set(zone.pins) & set(other.pins)):
            raise InvalidInput({"pins": f"{both[0]} is in the zone {other.name} already."})
