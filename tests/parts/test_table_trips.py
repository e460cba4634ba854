"""What a table of products asks of PostgreSQL: as much for a few rows as for many, batch by batch."""

import pytest

from checkout_app.catalog.table import service as table
from checkout_app.journal.actors import OPERATOR
from tests.support.inside import Inside
from tests.support.statements import trips

pytestmark = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
MAKE, CHANGE = (5, 9), (4, 9)
"""To look at it, and to look again and do it. Who has a SKU is asked where the products do not say it."""


async def _trips(text: str) -> tuple[int, int]:
    """Return how often the database was asked to look at a table, and to do what it says."""
    async with trips() as asked:
        _, digest = await table.look(text.encode())
    looked = len(asked)
    async with trips() as asked:
        await table.put(text.encode(), digest, OPERATOR)
    return looked, len(asked)


@pytest.mark.parametrize("number", [2, 20])
async def test_a_table_takes_so_many_round_trips_however_many_rows_it_has(inside: Inside, number: int) -> None:
    assert inside
    names = [f"n{place}" for place in range(number)]
    made = "name,category,price,sku\r\n" + "".join(f"{name},Table,50,{name}\r\n" for name in names)
    changed = "slug,price,gst,stock\r\n" + "".join(f"{name},60,5,7\r\n" for name in names)
    assert await _trips(made) == MAKE
    assert await _trips(changed) == CHANGE
