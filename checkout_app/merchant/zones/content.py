"""What is on the pages of where the shop sends."""

import re
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Final

from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import NotPermitted
from checkout_app.auth.tokens import Identity
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.delivery import address, zones
from checkout_app.delivery.errors import NotDeliverable, ZoneNotFound
from checkout_app.delivery.rules import CURRENCY, Measure, Parcel, Zone, charge_in_words, delivery_of
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.zones.views import NEW, ZONES, BenchView, zone_form_view, zones_view
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page

_LONGEST_ASKED: Final = 40
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?", re.ASCII)


async def delivery(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return where the shop sends, or one zone to be changed; None for anything else.

    Raises ZoneNotFound, NotPermitted.
    """
    if path == ZONES:
        known = await zones.zones()
        shown = zones_view(person, known, _bench(asked, known))
        return own_page(ZONES, "Delivery", asdict(shown), await presentation())
    folder, _, zone_id = path.rpartition("/")
    if folder != ZONES:
        return None
    if zone_id == NEW and not Caller.OWNER.admits(person.role):
        raise NotPermitted
    zone = _measured(Zone("", "") if zone_id == NEW else await _zone(zone_id), first(asked, "by"))
    form = zone_form_view(person, zone)
    return own_page(f"{ZONES}/-", form.title, asdict(form), await presentation())


async def _zone(zone_id: str) -> Zone:
    for zone in await zones.zones():
        if zone.id == zone_id:
            return zone
    raise ZoneNotFound


def _measured(zone: Zone, by: str) -> Zone:
    """Return a zone as it is, or with its charges still to be said by another measure."""
    if by not in set(Measure) or by == zone.by:
        return zone
    return replace(zone, by=Measure(by), rates=())


def _bench(asked: Asked, known: tuple[Zone, ...]) -> BenchView:
    """Answer what somebody asks of a parcel: grams, and rupees of what is in it."""
    typed = {name: first(asked, name)[:_LONGEST_ASKED] for name in ("pin", "weight", "value", "state")}
    if not typed["pin"]:
        return BenchView(**typed)
    try:
        parcel = Parcel(_number(typed["weight"], "weight"), _number(typed["value"], "value", minor=100))
        found = delivery_of(known, address.destination(typed["pin"], typed["state"]), parcel)
    except (InvalidInput, NotDeliverable) as refused:
        return BenchView(**typed, wrong=" ".join(refused.fields.values()))
    return BenchView(**typed, said=charge_in_words(found.charge, CURRENCY), why=found.why)


def _number(typed: str, name: str, minor: int = 1) -> int:
    """Return a number as it was typed, in minor units where it is an amount; none is 0. Raises InvalidInput."""
    plain = typed.replace(",", "").strip().removeprefix("₹") or "0"
    number = Decimal(plain) * minor if _NUMBER.fullmatch(plain) else Decimal(-1)
    if not 0 <= number <= LARGEST_AMOUNT or number % 1:
        raise InvalidInput({name: f"No parcel has that {name}."})
    return int(number)
