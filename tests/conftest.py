"""What all tests share: the databases, the gateway, and a shop on each."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.databases import empty_postgresql, empty_sqlite, running_postgresql
from tests.support.shops import Gateway, Shop, running_gateway, running_shop

hypothesis.settings.register_profile("untimed", deadline=None)  # how long an example takes says how busy the machine is
hypothesis.settings.load_profile("untimed")
pytest.register_assert_rewrite("tests.support.histories", "tests.support.stories")  # so that they say what they saw


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own; the URL of its default database."""
    with running_postgresql() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a fresh, empty database: one of each kind."""
    return new_database(request.param, request, tmp_path_factory.mktemp("database"))


def new_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Make an empty database of a kind and return its URL."""
    if kind == "sqlite":
        return empty_sqlite(folder)
    return empty_postgresql(request.getfixturevalue("postgresql"), f"shop_{folder.name}".replace("-", "_"))


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The sandbox, as a process of its own, without faults."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="session")
def shop(database_url: str, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop's API as a process, once on SQLite and once on PostgreSQL."""
    with running_shop(tmp_path_factory.mktemp("shop"), gateway, database_url) as running:
        yield running
