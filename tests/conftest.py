"""What all tests share: the databases, the gateway, a shop on each, and what the proofs found out in figures."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from httpx._transports import default as httpx_transport

from checkout_app.server import logs
from tests.support.cheap_passwords import hash_cheaply
from tests.support.databases import empty_postgresql, empty_sqlite, hurry, running_postgresql
from tests.support.inside import Inside, running_inside
from tests.support.redis_server import running_redis
from tests.support.shops import Gateway, Shop, running_gateway, running_shop

hypothesis.settings.register_profile("untimed", deadline=None)  # how long an example takes says how busy the machine is
hypothesis.settings.load_profile("untimed")
hash_cheaply()
logs.use_standard_logging()  # where pytest collects the lines of a test
# httpx reads the world's certificates for each client, and anew for each `httpx.get`: 24 ms of work. Once will do.
httpx_transport.create_ssl_context = cache(httpx_transport.create_ssl_context)  # type: ignore[attr-defined]
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.nightly))
"""A test runs on SQLite, and at night on PostgreSQL as well.

One for which the other database is the point names both: `ON_BOTH`, or `parametrize` with `indirect=True`.
"""
ON_BOTH = pytest.mark.parametrize("everywhere", ["sqlite", "postgresql"], indirect=True)
"""For tests of a shop in this process in which locks, plans or the words of SQL are the point."""
SHOP_ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""The same for tests of a shop that is a process."""
_FIGURES = pytest.StashKey[list[str]]()
# so that they say what they saw
pytest.register_assert_rewrite("tests.support.histories", "tests.support.stories", "tests.support.cart_races")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own; the URL of its default database."""
    with running_postgresql() as url:
        hurry(url)
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a fresh, empty database: one of each kind."""
    return new_database(request.param, request, tmp_path_factory.mktemp("database"))


def new_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Make an empty database of a kind and return its URL."""
    if kind == "sqlite":
        return empty_sqlite(folder)
    return empty_postgresql(request.getfixturevalue("postgresql"), f"shop_{folder.name}".replace("-", "_"))


@pytest.fixture(scope="module", params=DATABASES)
async def everywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """One shop in this process on each database, for all tests of a file."""
    folder = tmp_path_factory.mktemp("inside")
    async with running_inside(folder, new_database(request.param, request, folder)) as running:
        yield running


@pytest.fixture
async def inside(everywhere: Inside) -> Inside:
    """The shop in this process, with nothing left of the test before."""
    await everywhere.clear()
    return everywhere


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The sandbox, as a process of its own, without faults."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of our own; its URL."""
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def shop(database_url: str, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop's API as a process, once on SQLite and once on PostgreSQL."""
    with running_shop(tmp_path_factory.mktemp("shop"), gateway, database_url) as running:
        yield running


@pytest.fixture(scope="session")
def figures(
    request: pytest.FixtureRequest, record_testsuite_property: Callable[[str, object], None]
) -> Iterator[list[str]]:
    """Lines to print at the end; the report, where one is written, has them too."""
    lines = request.config.stash.setdefault(_FIGURES, [])
    yield lines
    for line in lines:
        record_testsuite_property("figure", line)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker of the long runs known."""
    config.addinivalue_line("markers", "nightly: takes long or is one of many; runs with HYPOTHESIS_PROFILE=nightly")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, which share a shop, and leave the long runs to the night.

    Those of single parts go first: what a part does wrong they notice soonest.
    """
    items.sort(key=lambda item: (item.path.parent.name not in {"unit", "parts"}, item.path))
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return
    long = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures at the end of the run."""
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)
