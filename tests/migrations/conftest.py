"""What the tests of migrations share: a database of one test each."""

from pathlib import Path

import pytest

from tests.conftest import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own for one test."""
    return new_database(request.param, request, tmp_path)
