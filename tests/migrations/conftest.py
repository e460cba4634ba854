"""What the tests of migrations share: a database of one test each."""

from pathlib import Path

import pytest

from tests.conftest import DATABASES, new_database

ON_EITHER = pytest.mark.parametrize("empty_database_url", ["sqlite", "postgresql"], indirect=True)
"""For a test by day of what each database is told in its own words."""


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own for one test."""
    return new_database(request.param, request, tmp_path)
