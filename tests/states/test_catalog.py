"""The shelf and a product's page show what is for sale now, and take nothing on trust from the address bar."""

import pytest

from checkout_app.checkout.state import CheckoutState
from checkout_app.shopfront.state import ProductState, ShelfState
from tests.states.driver import Tab


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/", 16), ("/?category=Cloth", 3), ("/?category=nonsense", 16), ("/?category='--", 16)],
)
async def test_the_shelf_shows_the_category_of_the_address_if_it_is_one(tab: Tab, path: str, shown: int) -> None:
    tab.path = path
    await tab.send(ShelfState.load)
    assert len((await tab.state(ShelfState)).items) == shown


async def test_one_order_takes_no_more_than_there_are(tab: Tab) -> None:
    tab.path = "/product/carved-rosewood-jhoola"
    await tab.send(ProductState.load)
    product = (await tab.state(ProductState)).product
    assert (product.most, len(product.prices)) == (3, 3)


async def test_what_is_held_for_oneself_is_not_sold_out_to_oneself_alone(asha: Tab) -> None:
    asha.path = "/checkout?product=carved-rosewood-jhoola&quantity=3"
    await asha.send(CheckoutState.load)
    await asha.send(CheckoutState.place_order)
    asha.path = "/product/carved-rosewood-jhoola"
    await asha.send(ProductState.load)
    seen = (await asha.state(ProductState)).product
    asha.cookie = ""
    await asha.send(ProductState.load)
    others_see = (await asha.state(ProductState)).product
    assert (seen.most, seen.availability, others_see.most) == (3, "3 left", 0)
    assert others_see.availability.startswith("Sold out")


@pytest.mark.parametrize("slug", ["no-such-thing", "", "%00", "x" * 5_000])
async def test_a_product_nobody_knows_is_said_to_be_gone(tab: Tab, slug: str) -> None:
    tab.path = f"/product/{slug}"
    await tab.send(ProductState.load)
    assert (await tab.state(ProductState)).unknown
