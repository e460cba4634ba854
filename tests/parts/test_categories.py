"""Categories are words on products: put in an order, called something else, and made one."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from sqlmodel import col, update

from checkout_app.catalog import categories
from checkout_app.catalog.categories import MOST_ORDERED
from checkout_app.catalog.errors import CategoryNotFound
from checkout_app.catalog.models import Product
from checkout_app.catalog.window import Category
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.merchant.audit_log.sentences import message
from checkout_app.seller.models import LONGEST_CATEGORIES
from checkout_app.shopfront import service as shopfront
from tests.conftest import ON_BOTH
from tests.support.inside import Inside, put_on_shelf, rows

pytestmark = ON_BOTH


@pytest.fixture(autouse=True)
async def _shelf(inside: Inside) -> None:
    """Let there be a product of each category, in the order of the window, and a hidden one without another."""
    assert inside
    for position, category in enumerate(("Table", "Home", "Cloth", "Gifts")):
        await _product(category.lower(), category, position, on_sale=category != "Gifts")


async def _product(slug: str, category: str, position: int, *, on_sale: bool = True) -> None:
    product_id = await put_on_shelf(10, slug=slug)
    async with database.write() as session:
        said = {"category": category, "position": position, "on_sale": on_sale}
        await session.exec(update(Product).where(col(Product.id) == product_id).values(**said))


async def _known() -> Sequence[Category]:
    async with database.ask() as session:
        return await categories.every_category(session)


async def _names() -> list[str]:
    return [each.name for each in await _known()]


async def _place(slug: str, before: str = "") -> None:
    async with database.write() as session:
        await categories.place(session, slug, before, OPERATOR)


async def _rename(slug: str, name: str, *, join: bool = False) -> Category:
    async with database.write() as session:
        return await categories.rename(session, slug, name, OPERATOR, join=join)


async def _told() -> list[str]:
    return [message(event) for event in await rows(Event) if event.kind.startswith("category")]


async def _in_shop(path: str = "/") -> list[str]:
    """Return the categories that a page of the shop names."""
    content = await shopfront.content(path)
    assert content
    return [each["name"] for each in json.loads(content.data)["view"]["categories"][1:]]


async def test_the_shop_shows_them_as_they_were_put_at_once_and_those_that_nobody_put_as_their_products_come() -> None:
    assert await _in_shop() == ["Table", "Home", "Cloth"]
    await _place("cloth", "table")
    assert await _in_shop() == await _in_shop("/category/home") == ["Cloth", "Table", "Home"]
    assert await _names() == ["Cloth", "Table", "Home", "Gifts"]
    await _product("tea", "Pantry", -1)
    await _product("oil", "Light", 99)
    assert await _in_shop() == ["Cloth", "Table", "Home", "Pantry", "Light"]
    await _place("cloth")
    assert await _in_shop() == ["Table", "Home", "Pantry", "Light", "Cloth"]
    assert await _told() == ["The category Cloth is number 1 now.", "The category Cloth is number 6 now."]


async def test_it_is_known_how_many_are_for_sale_and_how_many_are_not_however_they_are_written() -> None:
    await _product("cups", "table", 9)
    await _product("bowl", "Table", 10, on_sale=False)
    known = {each.slug: (each.products, each.hidden, each.names) for each in await _known()}
    assert known == {
        "table": (2, 1, ("Table", "table")),
        "home": (1, 0, ("Home",)),
        "cloth": (1, 0, ("Cloth",)),
        "gifts": (0, 1, ("Gifts",)),
    }


async def test_what_two_people_move_at_once_is_both_done_and_the_same_twice_is_once() -> None:
    await asyncio.gather(_place("cloth", "table"), _place("gifts", "home"), _place("cloth", "table"))
    assert await _names() == ["Cloth", "Table", "Gifts", "Home"]
    assert len(await _told()) == 2


async def test_all_products_of_a_category_follow_its_new_name_and_it_keeps_its_place() -> None:
    await _product("cups", "table", 9, on_sale=False)
    await _place("cloth", "table")
    renamed = await _rename("table", "  Tea   table ")
    assert renamed == Category("tea-table", "Tea table", ("Tea table",), 1, 1)
    assert await _names() == ["Cloth", "Tea table", "Home", "Gifts"]
    assert {product.category for product in await rows(Product)} == {"Cloth", "Tea table", "Home", "Gifts"}
    assert (await _told())[-1] == "The category Table is called Tea table now."
    gone, there = await shopfront.content("/category/table"), await shopfront.content("/category/tea-table")
    assert gone
    assert there
    assert (gone.status, there.status) == (404, 200)


async def test_two_become_one_only_when_that_is_what_somebody_wants() -> None:
    await _place("cloth", "table")
    with pytest.raises(InvalidInput, match="There is a category Home already") as refused:
        await _rename("cloth", "home")
    assert set(refused.value.fields) == {"name"}
    assert await _names() == ["Cloth", "Table", "Home", "Gifts"]
    assert await _rename("cloth", "home", join=True) == Category("home", "Home", ("Home",), 2, 0)
    assert await _names() == ["Table", "Home", "Gifts"]
    assert (await _told())[-1] == "The category Cloth has become one with Home."


async def test_another_spelling_of_itself_is_no_other_category() -> None:
    await _product("cups", "table", 9)
    assert (await _rename("table", "TABLE")).names == ("TABLE",)
    before = await _told()
    await _rename("table", "TABLE")
    assert await _told() == before


async def test_what_is_no_name_or_no_category_is_refused() -> None:
    for name in ("", "\u200b", "x" * 41, "a\x00b"):
        with pytest.raises(InvalidInput) as refused:
            await _rename("table", name)
        assert set(refused.value.fields) == {"name"}
    for before in ("table", "nothing"):
        with pytest.raises(InvalidInput) as refused:
            await _place("table", before)
        assert set(refused.value.fields) == {"before"}
    with pytest.raises(CategoryNotFound):
        await _rename("nothing", "Something")
    with pytest.raises(CategoryNotFound):
        await _place("nothing")
    assert await _told() == []


async def test_so_many_have_a_place_of_their_own_and_their_names_fit() -> None:
    known = [f"{number:03} {'x' * 36}" for number in range(MOST_ORDERED + 1)]
    for position, category in enumerate(known, start=10):
        await _product(f"many-{position}", category, position)
    names = await _names()
    await _place("gifts", "table")
    assert await _names() == ["Gifts", *names[:-1]]
    with pytest.raises(InvalidInput, match="Only the first 100"):
        await _place("table")
    assert len("\n".join(known[:MOST_ORDERED])) <= LONGEST_CATEGORIES
