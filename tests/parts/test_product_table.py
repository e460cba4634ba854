"""Products go out as a table and come in again: what that changes is said first, and done all or not at all."""

import asyncio
import csv
import io
from collections.abc import Mapping
from typing import Any, Final, cast

import pytest

from checkout_app.catalog import products, variants
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.errors import TableMoved
from checkout_app.catalog.locking import locked
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.options import Option
from checkout_app.catalog.table import service as table
from checkout_app.catalog.table.planned import Plan
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.spreadsheets import MARK, lines
from checkout_app.demo import load
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.merchant.audit_log.sentences import message
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows

pytestmark = ON_BOTH
BOWL: Final[Mapping[str, Any]] = {"name": "Bell-metal bowl", "category": "Table", "amount": 185_000, "stock": 4}


async def _bowl(**more: Any) -> tuple[Product, Variant]:
    async with database.write() as session:
        made = await products.make(session, cast("Draft", {**BOWL, **more}), OPERATOR)
    return made.product, made.variant


async def _file() -> bytes:
    return (MARK + "".join([lines(some) async for some in table.table()])).encode()


async def _edited(slug: str, **cells: str) -> bytes:
    """Return the shop's table in which the first row of a product says something else."""
    said = list(csv.DictReader(io.StringIO((await _file()).decode("utf-8-sig"), newline="")))
    next(each for each in said if each["slug"] == slug).update(cells)
    return lines([list(said[0]), *(list(each.values()) for each in said)]).encode()


async def _put(content: bytes) -> Plan:
    return await table.put(content, (await table.look(content)).digest, OPERATOR)


async def _told() -> list[str]:
    return [message(event) for event in await rows(Event)]


async def test_the_table_of_a_shop_changes_nothing_of_it(inside: Inside) -> None:
    assert inside
    await load.load_demo()
    content = await _file()
    planned, _ = await table.look(content)
    assert (planned.changes, planned.problems, planned.new, planned.changed) == ([], [], 0, 0)
    assert planned.unchanged == len(await rows(Product))
    before = len(await rows(Event))
    await _put(content)
    assert len(await rows(Event)) == before


async def test_what_a_table_changes_is_said_cell_by_cell_and_then_done(inside: Inside) -> None:
    assert inside
    product, variant = await _bowl()
    content = await _edited(
        product.slug, price="1,950.00", gst="5%", stock="6", on_sale="no", hsn="902", name="=Bell-metal bowl"
    )
    planned, _ = await table.look(content)
    [change] = planned.changes
    assert (change.row, change.name, change.is_new) == (2, "Bell-metal bowl", False)
    assert set(change.differences) == {
        ("name", "Bell-metal bowl", "=Bell-metal bowl"),
        ("price", "1850.00", "1950.00"),
        ("gst", "18", "5"),
        ("stock", "4", "6"),
        ("on_sale", "yes", "no"),
        ("hsn", "", "0902"),
    }
    assert (await row(Variant, variant.id)).amount == 185_000
    done = await _put(content)
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    fresh, now = await row(Product, product.id), await row(Variant, variant.id)
    assert (fresh.name, fresh.slug, fresh.on_sale) == ("=Bell-metal bowl", product.slug, False)
    assert (now.amount, now.tax_rate, now.on_hand, now.hsn, now.sku) == (195_000, 500, 6, "0902", variant.sku)
    assert len(await _told()) == 6
    assert (await table.look(content)).plan.changes == []


async def test_a_row_of_nothing_that_is_there_is_a_new_product(inside: Inside) -> None:
    assert inside
    text = (
        "Name;Category;Price ₹;GST %;Stock;Details\r\n"
        "Neem comb;Care;₹ 149/-;5 %;12;Made in: India\r\n"
        "\r\n"
        "दीया;Care;99;;;\r\n"
    )
    planned = await _put(text.encode())
    assert (planned.new, planned.changed, planned.unchanged) == (2, 0, 0)
    by_slug = {each.slug: each for each in await rows(Product)}
    assert set(by_slug) == {"neem-comb", "दीया"}
    assert by_slug["neem-comb"].details == [{"term": "Made in", "text": "India"}]
    figures = {(each.sku, each.amount, each.tax_rate, each.on_hand) for each in await rows(Variant)}
    [lamp] = [each for each in await rows(Variant) if each.product_id == by_slug["दीया"].id]
    assert figures == {("neem-comb", 14_900, 500, 12), (lamp.id, 9_900, 1_800, None)}
    assert (await table.look(text.encode())).plan.unchanged == 2  # by the names that it has
    assert [each.kind for each in await rows(Event)] == [products.MADE] * 2


async def test_a_column_or_row_that_is_not_there_takes_nothing_away(inside: Inside) -> None:
    assert inside
    product, _ = await _bowl(summary="Rings for a minute.", back_in="March")
    await _bowl(name="Another bowl")
    done = await _put(f"slug,price\r\n{product.slug},999\r\n".encode())
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    fresh = await row(Product, product.id)
    assert (fresh.summary, fresh.back_in) == ("Rings for a minute.", "March")
    assert len(await rows(Product)) == 2


async def test_all_that_is_wrong_is_told_at_once_by_row_and_column(inside: Inside) -> None:
    assert inside
    product, variant = await _bowl()
    content = (
        "slug,name,category,price,stock,gst,on_sale,hsn,sku,digital,colour\r\n"
        f"{product.slug},,Table,free,-1,7,perhaps,1.23E+11,two words,yes,red\r\n"
        ",,Table,1,1,18,yes,,,,\r\n"
        f"cup,Cup,Table,0.5,1.5,18,yes,12,{variant.sku},,\r\n"
        f"{product.slug},Bell-metal bowl,Table,1850,4,18,yes,,,,\r\n"
        "lid,Lid,Table,50,,,,,LID,,\r\n"
        "lid-2,Lid,Table,50,,,,,LID,,\r\n"
        "lid,Lid,Table,50,,,,,,,\r\n"
    ).encode()
    planned, digest = await table.look(content)
    assert {(each.row, each.column) for each in planned.problems} == {
        (1, "colour"),
        *((2, column) for column in ("name", "price", "stock", "gst", "on_sale", "hsn", "sku", "digital")),
        (3, "slug"),
        *((4, column) for column in ("price", "stock", "hsn", "sku")),
        (5, "slug"),
        (7, "sku"),
        (8, "slug"),
    }
    assert all(each.sentence.endswith(".") for each in planned.problems)
    with pytest.raises(InvalidInput):
        await table.put(content, digest, OPERATOR)
    assert len(await rows(Product)) == 1


async def test_a_new_product_comes_in_as_many_variants_as_it_has_rows(inside: Inside) -> None:
    assert inside
    text = (
        "name,category,price,stock,option_1,value_1,option_2,value_2\r\n"
        "Throw,Home,1999,3,Colour,Red,Size,Small\r\n"
        "Throw,,2499,,,Red,,Large\r\n"
        "Throw,,1999,0,Colour,Blue,,Small\r\n"
    )
    planned = await _put(text.encode())
    assert (planned.new, len(planned.changes)) == (1, 3)
    [product] = await rows(Product)
    assert (product.slug, product.options) == ("throw", ["Colour", "Size"])
    made = {each.position: (each.sku, each.option_values, each.amount, each.on_hand) for each in await rows(Variant)}
    assert made == {
        1: ("throw", ["Red", "Small"], 199_900, 3),
        2: ("throw-red-large", ["Red", "Large"], 249_900, None),
        3: ("throw-blue-small", ["Blue", "Small"], 199_900, 0),
    }
    assert (await table.look(text.encode())).plan.unchanged == 1
    wrong = (
        "name,category,price,option_1,value_1,value_2\r\n"
        "Cup,Table,50,Size,Small,\r\n"
        "Cup,,50,Colour,Large,\r\n"
        "Cup,,50,,small,Blue\r\n"
        "Cup,,50,,Small,\r\n"
        "Cup,,50,,,\r\n"
    )
    told = {(each.row, each.column) for each in (await table.look(wrong.encode())).plan.problems}
    assert told == {(3, "option_1"), (4, "option_2"), (2, "value_1"), (5, "slug")}


async def test_letters_that_excel_has_lost_are_not_written(inside: Inside) -> None:
    assert inside
    product, _ = await _bowl(name="पीतल bowl")
    for lost in ("???? bowl", "पीतल bowl".encode("cp1252", "replace").decode("cp1252")):
        [problem] = (await table.look(f"slug,name\r\n{product.slug},{lost}\r\n".encode())).plan.problems
        assert "CSV UTF-8" in problem.sentence


async def test_another_file_or_another_shop_than_was_looked_at_is_refused(inside: Inside) -> None:
    assert inside
    product, _ = await _bowl()
    content = await _edited(product.slug, price="1900")
    _, digest = await table.look(content)
    with pytest.raises(TableMoved):
        await table.put(content.replace(b"1900", b"1901"), digest, OPERATOR)
    async with database.write() as session:
        await products.change(session, await locked(session, product.id), cast("Draft", {"amount": 180_000}), OPERATOR)
    with pytest.raises(TableMoved):
        await table.put(content, digest, OPERATOR)
    await _put(content)
    assert (await table.put(content, digest, OPERATOR)).unchanged == 1  # it is so already


async def test_nothing_is_written_where_one_thing_moves_meanwhile(inside: Inside) -> None:
    assert inside
    bowl, cup = (await _bowl())[0], (await _bowl(name="Cup"))[0]
    content = f"slug,price\r\n{bowl.slug},1\r\n{cup.slug},2\r\n".encode()
    _, digest = await table.look(content)
    begins = asyncio.Event()

    def watch(far: str) -> None:
        if far.startswith("Wrote 0"):
            begins.set()

    async with database.write() as session:
        await products.change(session, await locked(session, cup.id), cast("Draft", {"amount": 300}), OPERATOR)
        await session.flush()
        putting = asyncio.create_task(table.put(content, digest, OPERATOR, watch))
        await begins.wait()
    with pytest.raises(TableMoved):
        await putting
    assert {each.amount for each in await rows(Variant)} == {185_000, 300}


async def test_units_that_orders_hold_are_not_counted_away(inside: Inside) -> None:
    cups = await put_on_shelf(9)
    await checkout.create_order(BUYER, [Item(cups, 3)])
    [problem] = (await table.look(b"slug,stock\r\ncups,2\r\n")).plan.problems
    assert (problem.column, "hold 3" in problem.sentence) == ("stock", True)
    await _put(b"slug,stock\r\ncups,3\r\n")
    assert inside


async def test_each_variant_is_a_row_of_its_own(inside: Inside) -> None:
    assert inside
    product, _ = await _bowl()
    async with database.write() as session:
        options = [Option("Size", ["Small", "Large"])]
        await variants.put(session, product.id, options, [], OPERATOR)
    said = list(csv.DictReader(io.StringIO((await _file()).decode("utf-8-sig"), newline="")))
    assert [(each["option_1"], each["value_1"], each["name"], each["stock"]) for each in said] == [
        ("Size", "Small", "Bell-metal bowl", "4"),
        ("Size", "Large", "", "0"),
    ]
    text = f"slug,value_1,price,gst,name\r\n{product.slug},Large,2500,5,Bowl\r\n{product.slug},Small,1500,,\r\n"
    done = await _put(text.encode())
    assert done.changed == 1
    assert {each.option_values[0]: (each.amount, each.tax_rate) for each in await rows(Variant)} == {
        "Small": (150_000, 500),
        "Large": (250_000, 500),
    }
    assert (await row(Product, product.id)).name == "Bowl"
    sku = said[1]["sku"]
    assert (await _put(f"slug,sku,stock\r\n{product.slug},{sku},7\r\n".encode())).changed == 1
    wrong = "slug,option_1,value_1,name\r\n" + "".join(
        f"{product.slug},{rest}\r\n" for rest in ("Colour,Small,", ",,", ",Large,", ",Large,")
    )
    problems = (await table.look(wrong.encode())).plan.problems
    assert {(each.row, each.column) for each in problems} >= {(2, "option_1"), (3, "value_1"), (5, "slug")}
