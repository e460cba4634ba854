"""The page of a product with several variants: what is chosen, what can be, and what programs are told of it."""

import json
from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.shopfront import service as shopfront
from checkout_app.shopfront.service import Content
from tests.support.inside import put_on_shelf
from tests.support.variants import HIDDEN, LARGE, MADDER, SLUG, SMALL, throws

pytestmark = pytest.mark.usefixtures("inside")


async def _page(variant: str = "", path: str = f"/product/{SLUG}") -> tuple[Content, dict[str, Any]]:
    content = await shopfront.content(path, {"variant": [variant]} if variant else {})
    assert content
    return content, json.loads(content.data)["view"]


def _said(view: dict[str, Any]) -> dict[str, tuple[str, str, bool]]:
    """Return of each value what is said, where it leads, and whether it is chosen."""
    values = [value for option in view["options"] for value in option["choices"]]
    return {value["name"]: (value["note"], value["href"].partition("=")[2], value["chosen"]) for value in values}


async def test_a_page_shows_the_variant_in_its_address_and_each_value_leads_to_the_nearest_that_has_it() -> None:
    ids = await throws()
    content, view = await _page(ids[MADDER])
    assert (view["price"], view["availability"], view["asked_as"], view["offer"]) == (
        "₹3,350.00",
        "2 left",
        "variant",
        ids[MADDER],
    )
    assert [(option["name"], option["chosen"]) for option in view["options"]] == [
        ("Colour", "Madder"),
        ("Size", "Large"),
    ]
    assert _said(view) == {
        "Indigo": ("", ids[LARGE], False),
        "Madder": ("", ids[MADDER], True),
        "Large": ("", ids[MADDER], True),
        "Small": ("Not in Madder", ids[SMALL], False),
    }
    assert (content.at, content.head.path) == (f"/product/{SLUG}?variant={ids[MADDER]}", f"/product/{SLUG}")


async def test_what_is_sold_out_is_said_at_its_value_and_can_be_looked_at() -> None:
    ids = await throws()
    _, view = await _page(ids[LARGE])
    assert _said(view)["Small"] == ("Sold out", ids[SMALL], False)
    _, view = await _page(ids[SMALL])
    assert (view["price"], view["availability"], view["most"]) == ("₹2,950.00", "Sold out", 0)
    assert _said(view)["Madder"] == ("Not in Small", ids[MADDER], False)


@pytest.mark.parametrize("asked", ["", "nothing", HIDDEN])
async def test_without_a_variant_that_can_be_chosen_a_page_shows_the_first_of_which_there_is_any(asked: str) -> None:
    ids = await throws()
    content, view = await _page(ids.get(asked, asked))
    assert (view["offer"], content.at) == (ids[LARGE], f"/product/{SLUG}")
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.id) == ids[LARGE]).values(on_hand=0))
    _, view = await _page(ids.get(asked, asked))
    assert view["offer"] == ids[MADDER]


async def test_the_shelf_says_from_what_on_it_costs_where_that_differs_and_how_many_there_are_of_all() -> None:
    ids = await throws()
    await put_on_shelf(3)
    _, shelf = await _page(path="/")
    told = {item["slug"]: (item["price"], item["scarce"]) for item in shelf["products"]}
    assert told == {SLUG: ("from ₹2,950", ""), "cups": ("₹480", "3 left")}
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.id) != ids[HIDDEN]).values(amount=48_000, on_hand=1))
    _, shelf = await _page(path="/")
    assert {item["slug"]: (item["price"], item["scarce"]) for item in shelf["products"]}[SLUG] == ("₹480", "3 left")


async def test_programs_are_told_of_every_variant_and_from_what_to_what_they_cost() -> None:
    ids = await throws()
    content, _ = await _page(ids[MADDER])
    product = json.loads(content.head.linked)["@graph"][0]
    offers = product["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == (
        "AggregateOffer",
        "2950.00",
        "3350.00",
        3,
    )
    assert [(each["sku"], each["price"], each["availability"].rpartition("/")[2]) for each in offers["offers"]] == [
        ("THROW-1", "3250.00", "InStock"),
        ("THROW-2", "2950.00", "OutOfStock"),
        ("THROW-3", "3350.00", "InStock"),
    ]
    assert offers["offers"][2]["url"].endswith(f"/product/{SLUG}?variant={ids[MADDER]}")
