"""What the tests of single parts share: a shop in this process, on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import new_database
from tests.support.inside import Inside, running_inside


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def everywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """One shop on each database for all tests of a file."""
    folder = tmp_path_factory.mktemp("inside")
    async with running_inside(folder, new_database(request.param, request, folder)) as running:
        yield running


@pytest.fixture
async def inside(everywhere: Inside) -> Inside:
    """The shop, with nothing left of the test before."""
    await everywhere.clear()
    return everywhere
