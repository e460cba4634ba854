"""The cart's page says from the PIN alone whether it can be sent there, and what all of it comes to."""

import json
from typing import Any

import pytest

from checkout_app.cart import service as cart
from checkout_app.cart.owner import Owner, cookie_name, new_secret
from checkout_app.catalog.models import Product
from checkout_app.core import database
from checkout_app.shopfront.cart.service import content
from tests.support.inside import Inside, put_on_shelf
from tests.support.zones import make_zones


async def _shown(*product_ids: str, pin: str) -> Any:
    """Return what the page of a cart with some products says of its way."""
    browser = Owner.of(None, {cookie_name(): new_secret()})
    for product_id in product_ids:
        await cart.add(browser, product_id)
    return json.loads((await content(await cart.contents(browser), pin)).data)["view"]["way"]


@pytest.mark.parametrize(
    ("pin", "delivery", "total", "hint"),
    [
        ("", "", "", ""),
        ("570001", "₹60.00", "₹540.00", ""),
        ("560001", "₹30.00", "₹510.00", ""),
        ("605014", "", "", "This PIN is in several States: the checkout asks for yours."),
        ("744101", "", "", "Nothing is sent to 744101 (Andaman and Nicobar Islands)."),
    ],
)
async def test_what_the_way_costs_is_said_by_the_pin(
    inside: Inside, pin: str, delivery: str, total: str, hint: str
) -> None:
    assert inside
    await make_zones()
    way = await _shown(await put_on_shelf(9), pin=pin)
    assert (way["asks"], way["pin"]) == (True, pin)
    assert (way["delivery"], way["total"], way["hint"]) == (delivery, total, hint)


async def test_a_shop_that_says_nothing_of_where_it_sends_asks_for_no_pin(inside: Inside) -> None:
    assert inside
    assert not (await _shown(await put_on_shelf(9), pin="570001"))["asks"]


async def test_nor_is_it_asked_for_files(inside: Inside) -> None:
    assert inside
    await make_zones()
    product_id = await put_on_shelf(9)
    async with database.write() as session:
        (await session.get_one(Product, product_id)).digital = True
    assert not (await _shown(product_id, pin="570001"))["asks"]
