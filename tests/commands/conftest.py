"""What the tests of the operator's commands share: databases of one test each, and the settings of a live shop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine

from tests.conftest import new_database
from tests.support.processes import free_port, operate
from tests.support.waiting import until

ON_A_SHOP = (("check",), ("appoint", "asha@example.in"), ("tax-scheme", "regular"), ("demo",))
"""Every command that needs a shop and makes none."""
LIVE = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": "s" * 32,
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "secret",
    "RAZORPAY_WEBHOOK_SECRET": "secret",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own for one test."""
    return new_database(request.param, request, tmp_path)


@pytest.fixture
def development(tmp_path: Path) -> Mapping[str, str]:
    """The settings of a shop that is being developed."""
    return {"DATA_DIR": str(tmp_path), "PORT": str(free_port())}


@pytest.fixture
def live(development: Mapping[str, str]) -> Mapping[str, str]:
    """The settings of a shop that people buy from."""
    return {**development, **LIVE}


@pytest.fixture
def clerks_url(postgresql: str, tmp_path: Path) -> str:
    """The URL of a database for somebody with the password `hidden`, whom the server asks for it."""
    name = f"clerk_{tmp_path.name}".replace("-", "_")
    url = postgresql.replace("postgres:@/postgres?", f"{name}:wrong@/{name}?")
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'hidden'".encode())
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        [rules] = server.execute("SHOW hba_file").fetchone() or ()
        file = Path(rules)
        file.write_text(f"local all {name} scram-sha-256\nhost all {name} all scram-sha-256\n" + file.read_text())
        server.execute("SELECT pg_reload_conf()")
    until(lambda: not _lets_in(url), "the server to ask for the password")
    return url.replace(":wrong@", ":hidden@")


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def clerks_shop_url(development: Mapping[str, str], clerks_url: str, postgresql: str) -> str:
    """The URL of a shop for somebody who may see its revision and whose it is, and nothing else of it."""
    name = clerks_url.partition("://")[2].partition(":")[0]
    owners_url = postgresql.replace("/postgres?", f"/{name}?")
    assert operate({**development, "DATABASE_URL": owners_url}, "migrate").returncode == 0
    with connected(owners_url) as connection:
        connection.exec_driver_sql(f'GRANT SELECT ON alembic_version, sellers TO "{name}"')
    return clerks_url


@contextmanager
def connected(database_url: str) -> Iterator[Connection]:
    """Open a transaction on a database, next to the program."""
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
