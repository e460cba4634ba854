"""Zones that are made by their names: each has an id of its own, whatever people call it. They charge in rupees."""

import pytest

from checkout_app.catalog.models import Variant
from checkout_app.checkout.quote import Item, quote_for_anybody
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import zones
from checkout_app.delivery.rules import Rate, Zone
from tests.support.inside import Inside, put_on_shelf
from tests.support.zones import charge_everywhere, somewhere

_RATES = (Rate(None, 9_000),)


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["Goa"], ["goa"]),
        (["Far away!", "Far  away", "far-away"], ["far-away", "far-away-2", "far-away-3"]),
        (["पहाड़"], ["zone"]),
        (["x" * 60], ["x" * 37]),
    ],
)
async def test_the_id_of_a_zone_is_made_of_its_name(inside: Inside, names: list[str], ids: list[str]) -> None:
    assert inside
    made = [await zones.add(Zone("", name, pins=(str(number + 1),), rates=_RATES)) for number, name in enumerate(names)]
    assert [zone.id for zone in made] == ids
    assert {zone.id for zone in await zones.zones()} == set(ids)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
async def test_a_zone_without_a_name_that_fits_is_refused(inside: Inside, name: str) -> None:
    assert inside
    with pytest.raises(InvalidInput) as refused:
        await zones.add(Zone("", name, rates=_RATES))
    assert set(refused.value.fields) == {"name"}


@pytest.mark.parametrize(("currency", "charge"), [("INR", 6_000), ("USD", 0)])
async def test_what_is_sold_in_another_currency_bears_no_charge_in_rupees(
    inside: Inside, currency: str, charge: int
) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await charge_everywhere(6_000)
    async with database.write() as session:
        (await session.get_one(Variant, cups)).currency = currency
    priced = await quote_for_anybody([Item(cups)], to=somewhere().destination)
    assert (priced.currency, priced.derived.delivery) == (currency, charge)
