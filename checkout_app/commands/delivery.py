"""Commands about where parcels go: the shop's zones, and why a price is what it is."""

import argparse
import asyncio
from typing import Any

from checkout_app.commands.words import WRONG_USAGE, add, refusing, tell


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "List the zones the shop sends to, and what it charges there."
    add(commands, "zones", text, lambda _: list_zones(), on_a_shop=True)
    text = "Say what is charged in a zone, from now on; with neither States nor PINs it is for all the rest."
    putting = add(commands, "zone", text, put_zone, on_a_shop=True)
    putting.add_argument("id", help="small letters, figures and hyphens; what is there under it is replaced")
    putting.add_argument("--name", default="", help="what people call it (the id)")
    putting.add_argument("--states", default="", metavar="CODES", help="codes of GST: 29,32")
    putting.add_argument("--pins", default="", metavar="BEGINNINGS", help="how its PINs begin: 194,682555")
    charges = "500=6000,2000=9000,15000: up to so much so many minor units, and at last for whatever is beyond"
    putting.add_argument("--charges", default="", metavar="UP_TO=CHARGE", help=charges)
    putting.add_argument("--by", choices=("weight", "value"), default="weight", help="grams, or minor units (weight)")
    putting.add_argument("--free-from", type=int, metavar="AMOUNT", help="in minor units: 99900 paise are ₹999")
    putting.add_argument("--days", default="0-0", metavar="FROM-TO", help="how long it takes: 2-4")
    putting.add_argument("--not-served", action="store_true", help="nothing is sent there")
    text = "Let a zone be no more."
    add(commands, "remove-zone", text, lambda given: remove_zone(given.id), on_a_shop=True).add_argument("id")
    text = "Say what sending a parcel somewhere costs, and why."
    asking = add(commands, "delivery", text, why, on_a_shop=True)
    asking.add_argument("pin")
    asking.add_argument("--state", default="", help="which one, where a PIN lies in two")
    asking.add_argument("--weight", type=int, default=0, help="in grams")
    asking.add_argument("--value", type=int, default=0, help="of what is in it, in minor units")


def list_zones() -> int:
    """List the zones the shop sends to."""
    from checkout_app.delivery import words, zones

    found = asyncio.run(zones.zones())
    for zone in found:
        tell(f"{zone.id}  {zone.name}: {words.places(zone)}; {words.terms(zone)}")
    if not found:
        tell("The shop has no zones: it sends everywhere for nothing, and asks for no address.")
    return 0


@refusing
def put_zone(given: argparse.Namespace) -> int:
    """Say what is charged in a zone."""
    from checkout_app.delivery import words, zones

    try:
        zone = asyncio.run(zones.put(_zone(given)))
    except ValueError:
        tell("Give numbers: --charges 500=6000,2000=9000,15000 and --days 2-4.")
        return WRONG_USAGE
    tell(f"{zone.id}  {zone.name}: {words.places(zone)}; {words.terms(zone)}")
    return 0


def remove_zone(zone_id: str) -> int:
    """Let a zone be no more."""
    from checkout_app.delivery import zones
    from checkout_app.delivery.errors import ZoneNotFound

    try:
        asyncio.run(zones.remove(zone_id))
    except ZoneNotFound as unknown:
        tell(unknown.detail)
        return 1
    tell(f"The zone {zone_id} is no more")
    return 0


@refusing
def why(given: argparse.Namespace) -> int:
    """Say what sending a parcel somewhere costs, and why."""
    from checkout_app.core.money import format_amount
    from checkout_app.delivery import address, rules, zones
    from checkout_app.delivery.errors import NotDeliverable

    try:
        to = address.destination(given.pin, given.state)
        found = rules.delivery_of(asyncio.run(zones.zones()), to, rules.Parcel(given.weight, given.value))
    except NotDeliverable as refused:
        tell(refused.detail)
        return 1
    tell(f"{format_amount(found.charge, rules.CURRENCY)}. {found.why}")
    return 0


def _zone(given: argparse.Namespace) -> Any:
    """Return the zone that is given; raises ValueError where a number is none."""
    from checkout_app.delivery.rules import Measure, Zone

    days_from, _, days_to = given.days.partition("-")
    return Zone(
        given.id,
        given.name,
        states=_parts(given.states),
        pins=_parts(given.pins),
        served=not given.not_served,
        days_from=int(days_from),
        days_to=int(days_to or days_from),
        free_from=given.free_from,
        by=Measure(given.by),
        rates=tuple(map(_rate, _parts(given.charges))),
    )


def _rate(part: str) -> Any:
    from checkout_app.delivery.rules import Rate

    end, _, charge = part.rpartition("=")
    return Rate(int(end) if end else None, int(charge))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
