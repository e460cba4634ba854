"""When there is too little of something, the buyer is told of what, and how much is left, as it is now."""

import pytest
from sqlmodel import col, update

from checkout_app.catalog import stock
from checkout_app.catalog.models import Variant
from checkout_app.core import database
from tests.support.inside import put_on_shelf

pytestmark = pytest.mark.usefixtures("inside")


async def _shelf() -> tuple[str, str, str]:
    """Two lamps, as much clay as anybody wants, and one tray."""
    lamp = await put_on_shelf(2, slug="lamp", name="Lamp")
    clay = await put_on_shelf(9, slug="clay", name="Clay")
    tray = await put_on_shelf(1, slug="tray", name="Tray")
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.id) == clay).values(on_hand=None))
    return lamp, clay, tray


@pytest.mark.parametrize(
    ("lamps", "trays", "told"),
    [(2, 2, "Tray has only 1 left."), (3, 2, "Lamp has only 2 left."), (3, 1, "Lamp has only 2 left.")],
)
async def test_the_first_that_lacks_is_named_and_none_of_which_there_is_enough(
    lamps: int, trays: int, told: str
) -> None:
    lamp, clay, tray = await _shelf()
    async with database.read() as session:
        assert str(await stock.shortage(session, {tray: trays, clay: 50, lamp: lamps})) == told


@pytest.mark.parametrize(("left", "told"), [(1, "Lamp has only 1 left."), (0, "Lamp is sold out.")])
async def test_how_much_is_left_is_what_is_there_now_and_not_when_it_was_first_looked_at(left: int, told: str) -> None:
    lamp, _, _ = await _shelf()
    async with database.write() as session:
        await session.get_one(Variant, lamp)
        await session.exec(update(Variant).where(col(Variant.id) == lamp).values(on_hand=left))
        assert str(await stock.shortage(session, {lamp: 2})) == told
