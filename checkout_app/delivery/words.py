"""Where a zone is and what is charged there, in words."""

from checkout_app.core.money import format_price
from checkout_app.delivery.rules import CURRENCY, Measure, Rate, Zone
from checkout_app.seller.states import STATES


def places(zone: Zone) -> str:
    """Say where a zone is: `Karnataka, PINs 6825…`."""
    named = [*(STATES[code] for code in zone.states), *(f"PINs {pin}…" for pin in zone.pins)]
    return ", ".join(named) or "all the rest"


def terms(zone: Zone) -> str:
    """Say what is charged in a zone, and how long a parcel takes: `up to 500 g ₹60, ₹90, 2 to 4 days`."""
    if not zone.served:
        return "nothing is sent there"
    free = [f"free from {format_price(zone.free_from, CURRENCY)}"] if zone.free_from is not None else []
    days = [f"{zone.days_from} to {zone.days_to} days"] if zone.days_to else []
    return ", ".join([*(_rate(zone, rate) for rate in zone.rates), *free, *days])


def _rate(zone: Zone, rate: Rate) -> str:
    charge = format_price(rate.charge, CURRENCY)
    if rate.up_to is None:
        return charge
    end = f"{rate.up_to:,} g" if zone.by is Measure.WEIGHT else format_price(rate.up_to, CURRENCY)
    return f"up to {end} {charge}"
