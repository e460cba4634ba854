"""The shopkeeper lets a product come in several variants: all at once, or not at all, and nothing that was is lost."""

from typing import Any

import pytest

from checkout_app.catalog import corrections, products, variants
from checkout_app.catalog.corrections import Why
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.locking import locked
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.options import MOST_VARIANTS, Option
from checkout_app.catalog.variants import Wanted
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.merchant.audit_log.sentences import message
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, put_on_shelf, row, rows
from tests.support.variants import HIDDEN, LARGE, MADDER, SMALL, throws

pytestmark = [ON_BOTH, pytest.mark.usefixtures("inside")]

COLOUR, SIZE = Option("Colour", ["Indigo", "Madder"]), Option("Size", ["Large", "Small"])


async def _put(product_id: str, options: list[Option], *wanted: Wanted) -> list[Variant]:
    async with database.write() as session:
        _, found = await variants.put(session, product_id, options, wanted, OPERATOR)
    return list(found)


async def _wrong(product_id: str, options: list[Option], *wanted: Wanted) -> dict[str, str]:
    before = await rows(Variant)
    with pytest.raises(InvalidInput) as refused:
        await _put(product_id, options, *wanted)
    assert await rows(Variant) == before
    return refused.value.fields


async def _product_of(ids: dict[str, str]) -> str:
    return (await row(Variant, ids[LARGE])).product_id


def _told(found: list[Variant]) -> list[tuple[Any, ...]]:
    return [(" / ".join(each.option_values), each.amount, each.on_hand) for each in found if each.on_sale]


async def test_what_was_one_becomes_the_first_of_all_combinations_and_the_rest_is_like_it() -> None:
    cups = await put_on_shelf(9, tax_rate=1200)
    found = await _put(cups, [COLOUR, SIZE], {"values": ["Madder", "Small"], "amount": 50_000, "stock": 3, "sku": "MS"})
    assert _told(found) == [
        ("Indigo / Large", 48_000, 9),
        ("Indigo / Small", 48_000, 0),
        ("Madder / Large", 48_000, 0),
        ("Madder / Small", 50_000, 3),
    ]
    assert [each.sku for each in found] == ["cups", "cups-indigo-small", "cups-madder-large", "MS"]
    assert ({each.tax_rate for each in found}, found[0].id, [each.position for each in found]) == (
        {1200},
        cups,
        [1, 2, 3, 4],
    )
    assert (await row(Product, cups)).options == ["Colour", "Size"]
    assert (await checkout.create_order(BUYER, [Item(found[3].id)])).order.amount == 50_000
    assert [message(event) for event in await rows(Event) if event.subject == "product"] == [
        "From now on Kulhad cups comes as 4 variants, by Colour and Size."
    ]
    assert await _put(cups, [COLOUR, SIZE]) == await rows(Variant)


async def test_what_is_no_combination_any_more_is_hidden_and_comes_back_as_it_was() -> None:
    ids = await throws()
    product_id = await _product_of(ids)
    found = await _put(product_id, [Option("Colour", ["Madder", "Indigo"]), Option("Size", ["Large"])])
    assert [(each.id, each.position, each.on_sale) for each in found] == [
        (ids[MADDER], 1, True),
        (ids[LARGE], 2, True),
        (ids[SMALL], 3, False),
        (ids[HIDDEN], 4, False),
    ]
    found = await _put(product_id, [COLOUR, SIZE], {"values": ["Madder", "Small"], "on_sale": False})
    assert [each.id for each in found] == [ids[LARGE], ids[SMALL], ids[MADDER], ids[HIDDEN]]
    assert _told(found) == [
        ("Indigo / Large", 325_000, 4),
        ("Indigo / Small", 295_000, 0),
        ("Madder / Large", 335_000, 2),
    ]


async def test_an_option_is_added_and_taken_away_and_a_value_called_something_else() -> None:
    ids = await throws()
    product_id = await _product_of(ids)
    found = await _put(product_id, [COLOUR, SIZE, Option("Fringe", ["Plain", "Knotted"])])
    assert [each.id for each in found if each.option_values[-1] == "Plain"][:3] == [ids[LARGE], ids[SMALL], ids[MADDER]]
    found = await _put(product_id, [Option("Colour", ["Navy", "Madder"])], {"values": ["Navy"], "id": ids[LARGE]})
    assert [(each.id, each.option_values) for each in found if each.on_sale] == [
        (ids[LARGE], ["Navy"]),
        (ids[MADDER], ["Madder"]),
    ]
    found = await _put(product_id, [])
    assert [(each.id, each.option_values) for each in found if each.on_sale] == [(ids[LARGE], [])]


async def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written() -> None:
    await put_on_shelf(9, slug="other", name="Other")
    ids = await throws()
    product_id = await _product_of(ids)
    await checkout.create_order(BUYER, [Item(ids[MADDER], 2)])
    wrong = await _wrong(
        product_id,
        [COLOUR, SIZE],
        {"values": ["Indigo", "Large"], "amount": 1, "sku": "THROW-2"},
        {"values": ["Madder", "Large"], "stock": 1},
        {"values": ["Madder", "Small"], "sku": "other"},
        {"values": ["Green", "Small"]},
        {"values": ["Indigo", "Small"], "id": "nobody"},
    )
    assert set(wrong) == {
        "variants.0.amount",
        "variants.0.sku",
        "variants.1.stock",
        "variants.2.sku",
        "variants.3.values",
        "variants.4.id",
    }
    assert wrong["variants.2.sku"] == "Other has this SKU."


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ([Option("", ["a"])], {"options.0.name"}),
        (
            [Option("Colour", []), Option("colour", ["a", "A"])],
            {"options.0.values", "options.1.name", "options.1.values"},
        ),
        ([Option(f"Option {number}", ["a"]) for number in range(4)], {"options"}),
        ([Option("Number", [str(number) for number in range(MOST_VARIANTS + 1)])], {"options"}),
        ([Option("Colour", ["v" * 31])], {"options.0.values"}),
    ],
    ids=repr,
)
async def test_options_that_can_not_be_are_told_by_their_field(options: list[Option], fields: set[str]) -> None:
    assert set(await _wrong(await put_on_shelf(9), options)) == fields


async def test_one_of_them_is_on_sale_at_least() -> None:
    cups = await put_on_shelf(9)
    colours = [Option("Colour", ["Indigo"])]
    assert set(await _wrong(cups, colours, {"values": ["Indigo"], "on_sale": False})) == {"variants"}
    with pytest.raises(ProductNotFound):
        await _put("nothing", colours)


async def test_a_price_and_a_stock_are_of_the_variant_that_is_named() -> None:
    ids = await throws()
    product_id = await _product_of(ids)
    async with database.write() as session:
        await products.change(session, await locked(session, product_id, ids[MADDER]), {"amount": 400_000}, OPERATOR)
    await corrections.correct(product_id, 7, Why.CAME_IN, OPERATOR, seen=2, variant_id=ids[MADDER])
    assert [(each.amount, each.on_hand) for each in await rows(Variant)][:3] == [
        (325_000, 4),
        (295_000, 0),
        (400_000, 7),
    ]
    assert [message(event) for event in await rows(Event)] == [
        "The price of Handloom throw, Madder / Large was ₹3,350.00 and is ₹4,000.00 now.",
        "Of Handloom throw, Madder / Large there are 7 now, 2 before: came in.",
    ]
    other = await put_on_shelf(9)
    async with database.write() as session:
        with pytest.raises(InvalidInput, match="Handloom throw, Indigo / Large has this SKU"):
            await products.change(session, await locked(session, product_id, ids[MADDER]), {"sku": "THROW-1"}, OPERATOR)
        with pytest.raises(ProductNotFound):
            await locked(session, other, ids[MADDER])


async def test_what_was_left_out_stays_out_until_it_is_said_to_be_there() -> None:
    ids = await throws()
    product_id = await _product_of(ids)
    found = await _put(product_id, [COLOUR, SIZE])
    assert [each.id for each in found if each.on_sale] == [ids[LARGE], ids[SMALL], ids[MADDER]]
    await _put(product_id, [COLOUR, SIZE], {"values": ["Indigo", "Large"], "on_sale": False})
    green = Option("Colour", [*COLOUR.values, "Green"])
    found = await _put(product_id, [green, SIZE])
    assert [each[0] for each in _told(found)] == ["Indigo / Small", "Madder / Large", "Green / Large", "Green / Small"]
    found = await _put(product_id, [green, SIZE], {"values": ["Indigo", "Large"], "on_sale": True})
    assert found[0].id == ids[LARGE]


async def test_a_copy_comes_in_the_same_variants_of_which_there_is_none() -> None:
    ids = await throws()
    product_id = await _product_of(ids)
    async with database.write() as session:
        copy = await products.duplicate(session, await locked(session, product_id), OPERATOR)
        await variants.put_alike(session, product_id, copy, OPERATOR)
    async with database.ask() as session:
        product, found = await variants.of_product(session, copy.product.id)
    assert (product.options, product.on_sale) == (["Colour", "Size"], False)
    assert _told(list(found)) == [
        ("Indigo / Large", 325_000, 0),
        ("Indigo / Small", 295_000, 0),
        ("Madder / Large", 335_000, 0),
    ]
