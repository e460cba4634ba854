"""A shop to act histories out on."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.histories import History
from tests.support.inside import Inside, running_inside
from tests.support.neighbours import Neighbour, move_in


@pytest.fixture(scope="module")
def shared_memory() -> Iterator[Path]:
    """A folder for all tests of a file, in memory where there is such a thing."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        yield Path(folder)


@pytest.fixture(scope="module")
async def inside(shared_memory: Path) -> AsyncIterator[Inside]:
    """One shop and its gateway in this process for all tests of a file."""
    async with running_inside(shared_memory, f"sqlite:///{shared_memory / 'shop.db'}") as running:
        yield running


@pytest.fixture
async def history(inside: Inside) -> History:
    """An order of one unit, of three on the shelf; nothing is left of the test before."""
    begun = History(inside)
    await begun.begin(on_hand=3, twice=False)
    return begun


@pytest.fixture
async def paid(history: History) -> str:
    """The id of a payment of ₹480 that pays the order."""
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    [payment] = history.inside.entities("payment")
    return str(payment["id"])


@pytest.fixture
async def neighbour(history: History, paid: str) -> AsyncIterator[Neighbour]:  # noqa: ARG001 - the neighbour comes later
    """Another order, after ours was paid; the test fails when anything of it is touched."""
    neighbour = await move_in(history)
    before = await neighbour.everything()
    yield neighbour
    assert await neighbour.everything() == before, "the neighbour was touched"
