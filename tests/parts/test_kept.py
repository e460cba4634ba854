"""What is made of an answer is kept only for as long as the database answers the same, whoever changed it."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import col, update

from checkout_app.catalog import listing
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.window import InWindow, question
from checkout_app.core import database
from checkout_app.core.kept import MOST, Kept
from tests.support.inside import put_on_shelf

_EVERYTHING, _FIRST_PAGE = question(None, 1)

pytestmark = pytest.mark.usefixtures("inside")


class Window:
    """What is in the shop window, and how often it was made."""

    def __init__(self) -> None:
        self.made = 0
        self._kept = Kept(self._make)

    async def now(self) -> list[InWindow]:
        """Look at it."""
        async with database.ask() as session:
            return await session.kept(self._kept, _EVERYTHING, **_FIRST_PAGE)

    def _make(self, rows: Sequence[tuple[Any, ...]], **_: Any) -> list[InWindow]:
        self.made += 1
        return [InWindow(*row) for row in rows]


async def test_what_is_kept_is_made_once_as_long_as_nothing_changes() -> None:
    await put_on_shelf(9)
    window = Window()
    first = await window.now()
    assert (await window.now()) is first
    assert (window.made, [product.left for product in first]) == (1, [9])


@pytest.mark.parametrize(
    ("table", "change", "shown"),
    [
        (Variant, {"amount": 12_345}, {"amount": 12_345}),
        (Variant, {"held": 4}, {"left": 5}),
        (Variant, {"on_hand": None}, {"left": None}),
        (Product, {"name": "Another name"}, {"name": "Another name"}),
        (Product, {"image": "products/another.svg"}, {"image": "products/another.svg"}),
        (Product, {"back_in": "May"}, {"back_in": "May"}),
    ],
)
async def test_a_change_of_anything_that_is_shown_is_seen_at_once(
    table: Any, change: dict[str, Any], shown: dict[str, Any]
) -> None:
    product_id = await put_on_shelf(9)
    window = Window()
    await window.now()
    key = col(Product.id) if table is Product else col(Variant.product_id)
    async with database.write() as session:
        await session.exec(update(table).where(key == product_id).values(**change))
    [product] = await window.now()
    assert {name: getattr(product, name) for name in shown} == shown


async def test_what_is_taken_off_sale_is_not_in_the_window_any_more() -> None:
    product_id = await put_on_shelf(9)
    window = Window()
    assert len(await window.now()) == 1
    async with database.write() as session:
        await session.exec(update(Product).where(col(Product.id) == product_id).values(on_sale=False))
    assert await window.now() == []


async def test_a_session_for_one_question_refuses_a_second_one_that_is_kept() -> None:
    kept = Kept(lambda rows, **_: rows)
    async with database.ask() as session:
        await session.kept(kept, listing.ONE, name="cups")
        with pytest.raises(RuntimeError, match="one statement"):
            await session.kept(kept, listing.ONE, name="cups")


async def test_each_question_has_an_answer_of_its_own_and_the_last_ones_are_kept() -> None:
    for slug in ("cups", "bowls", "plates"):
        await put_on_shelf(9, slug=slug)
    made: list[int] = []

    def make(rows: Sequence[listing.Row], *, limit: int, **_: Any) -> int:
        made.append(limit)
        return len(rows)

    kept = Kept(make)

    async def ask(limit: int) -> int:
        statement, values = listing.question(limit=limit)
        async with database.ask() as session:
            return await session.kept(kept, statement, **values)

    assert [await ask(limit) for limit in (1, 2, 1, 2)] == [2, 3, 2, 3]
    assert made == [2, 3]
    for limit in range(3, 2 + MOST):
        await ask(limit)
        assert await ask(1) == 2
    assert made == [2, 3, *range(4, 3 + MOST)]
    await ask(2)  # nobody asked for it for a while
    assert made[-1] == 3
