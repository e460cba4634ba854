"""The shop window comes page by page, in one order and whole, and what is one category has one address."""

from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.catalog import window
from checkout_app.catalog.models import Product
from checkout_app.catalog.window import PAGE_SIZE, Category, InWindow, question, slug_of
from checkout_app.core import database
from tests.support.inside import put_on_shelf

pytestmark = pytest.mark.usefixtures("inside")


async def _categories() -> tuple[Category, ...]:
    async with database.ask() as session:
        return window.categories((await session.exec(window.CATEGORIES)).all())


async def _page(category: Category | None, number: int) -> list[str]:
    statement, values = question(category, number)
    async with database.ask() as session:
        return [InWindow(*row).slug for row in await session.exec(statement, **values)]


async def _set(slug: str, **values: Any) -> None:
    async with database.write() as session:
        await session.exec(update(Product).where(col(Product.slug) == slug).values(**values))


@pytest.mark.parametrize("number", [1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE])
async def test_the_pages_of_the_window_hold_everything_once_and_in_its_order(number: int) -> None:
    slugs = [f"cups-{n:02}" for n in range(number)]
    for position, slug in enumerate(slugs):
        await put_on_shelf(9, slug=slug)
        await _set(slug, position=position)
    [category] = await _categories()
    pages = window.pages(category.products)
    for which in (None, category):
        found = [await _page(which, page) for page in range(1, pages + 2)]
        assert [slug for page in found for slug in page] == slugs
        assert ([len(page) > 0 for page in found], len(found[0])) == ([True] * pages + [False], min(number, PAGE_SIZE))


async def test_categories_come_in_the_windows_order_without_those_of_which_nothing_is_for_sale() -> None:
    for position, (slug, category) in enumerate([("a", "Light"), ("b", "Cloth"), ("c", "Light"), ("d", "Gone")]):
        await put_on_shelf(9, slug=slug)
        await _set(slug, position=position, category=category, on_sale=category != "Gone")
    assert [(each.name, each.products) for each in await _categories()] == [("Light", 2), ("Cloth", 1)]


async def test_two_spellings_of_one_category_are_one_with_the_products_of_both() -> None:
    for position, (slug, category) in enumerate([("a", "Home & garden"), ("b", "Cloth"), ("c", "home-garden")]):
        await put_on_shelf(9, slug=slug)
        await _set(slug, position=position, category=category)
    first, _ = await _categories()
    assert (first.name, first.slug, first.products) == ("Home & garden", "home-garden", 2)
    assert await _page(first, 1) == ["a", "c"]


@pytest.mark.parametrize(
    ("category", "slug"),
    [
        ("Table", "table"),
        ("Home & Garden", "home-garden"),
        ("  Tea/Coffee?  ", "tea-coffee"),
        ("कपड़े", "कपड़े"),
        ("हाथ से बना", "हाथ-से-बना"),
        ("Cafe\u0301", "caf\u00e9"),
        ("!!!", "-"),
    ],
)
def test_a_category_is_called_in_a_url_what_people_can_read_there(category: str, slug: str) -> None:
    assert slug_of(category) == slug
