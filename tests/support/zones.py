"""Where a shop of tests sends, what it charges, and an address there."""

from typing import Final

from checkout_app.delivery import address, zones
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.rules import Measure, Rate, Zone

HOME: Final = Zone("home", "Home", states=("29",), days_from=2, days_to=4, free_from=99_900, rates=(Rate(None, 6_000),))
CITY: Final = Zone("city", "City", pins=("5600",), by=Measure.WEIGHT, rates=(Rate(500, 3_000), Rate(2_000, 5_000)))
REST: Final = Zone("rest", "Rest", by=Measure.VALUE, rates=(Rate(100_000, 9_000), Rate(None, 15_000)))
ISLANDS: Final = Zone("islands", "Islands", states=("31", "35"), served=False)
ADDRESS: Final = {
    "name": "Asha Rao",
    "phone": "098765 43210",
    "pin": "570001",
    "line1": "12, Sayyaji Rao Road",
    "landmark": "Devaraja Market",
}
"""As somebody types it: in Mysuru, which is in the zone HOME."""


def somewhere(**other: str) -> PostalAddress:
    """Return that address, or another one."""
    return address.read({**ADDRESS, **other})


async def make_zones() -> None:
    """Let the shop say where it sends."""
    for zone in (HOME, CITY, REST, ISLANDS):
        await zones.put(zone)


def everywhere(charge: int) -> Zone:
    """Return a zone for all there is, where sending costs so much."""
    return Zone("everywhere", "Everywhere", rates=(Rate(None, charge),))


async def charge_everywhere(charge: int) -> None:
    """Let the shop send everywhere for so much."""
    await zones.put(everywhere(charge))
