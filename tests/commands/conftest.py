"""What the tests of the operator's commands share: databases of one test each, and the settings of a live shop."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from tests.conftest import DATABASES, new_database
from tests.support.databases import PROGRAMS, empty_sqlite, empty_with_password
from tests.support.processes import free_port, operate

ON_A_SHOP = (
    ("check",),
    ("appoint", "asha@example.in"),
    ("dismiss", "asha@example.in"),
    ("people",),
    ("tax-scheme", "regular"),
    ("promise",),
    ("product-file", "recipe-book", "recipe-book.pdf"),
    ("export-products",),
    ("import-products", "products.csv"),
    ("go-live",),
    ("demo",),
)
"""Every command that needs a shop and makes none."""
ON_SQLITE = pytest.mark.parametrize("original", ["sqlite"], indirect=True)
"""For a test of backups that is about SQLite, or about what is the same on both databases."""
ON_POSTGRESQL = pytest.mark.parametrize("original", ["postgresql"], indirect=True)
ON_EITHER = pytest.mark.parametrize("original", ["sqlite", "postgresql"], indirect=True)
"""For a test of backups by day: each database has its own way to be copied, locked and put aside."""
LIVE = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": "s" * 32,
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "secret",
    "RAZORPAY_WEBHOOK_SECRET": "secret",
}


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own for one test."""
    return new_database(request.param, request, tmp_path)


@pytest.fixture
def development(tmp_path: Path) -> Mapping[str, str]:
    """The settings of a shop that is being developed."""
    return {"DATA_DIR": str(tmp_path), "PORT": str(free_port())}


@dataclass(frozen=True)
class Place:
    """Somewhere a shop is or may be: its settings, and what a test reads and writes in it."""

    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its database."""
        return self.settings["DATABASE_URL"]

    @property
    def member(self) -> str:
        """The name of its database in a backup."""
        return "shop.db" if self.url.startswith("sqlite") else "shop.dump"

    @property
    def backups(self) -> Path:
        """The folder of its backups."""
        return Path(self.settings["DATA_DIR"]) / "backups"

    def do(self, *command: str) -> str:
        """Carry out an operator's command that comes through; returns what it said."""
        done = operate(self.settings, *command)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def refuse(self, *command: str, status: int = 1) -> str:
        """Carry out an operator's command that is refused in one line and leaves nothing behind; returns the line."""
        done = operate(self.settings, *command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1), done.stderr
        assert self.unfinished == []
        return done.stderr

    def back_up(self) -> Path:
        """Make a backup."""
        return Path(self.do("backup").removeprefix("Wrote ").partition(",")[0])

    @property
    def unfinished(self) -> list[Path]:
        """What a command has left behind."""
        return list(Path(self.settings["DATA_DIR"]).rglob(".unfinished*"))

    @property
    def scheme(self) -> str:
        """How its seller stands to GST: what tells the shops of a test from each other."""
        return _scheme(self.url)

    def take_kept(self) -> list[str]:
        """Return the schemes of the shops that were put aside here, and remove those."""
        if self.url.startswith("sqlite"):
            files = list(Path(self.settings["DATA_DIR"]).glob("shop-replaced-*.db"))
            found = [_scheme(f"sqlite:///{file}") for file in files]
            for file in files:
                file.unlink()
            return found
        with connected(self.url) as connection:
            named = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%%'"
            schemas = list(connection.exec_driver_sql(named).scalars())
            found = [_scheme(self.url, f"{schema}.") for schema in schemas]
            for schema in schemas:
                connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        return found


def _scheme(url: str, schema: str = "") -> str:
    with connected(url) as connection:
        return str(connection.exec_driver_sql(f"SELECT tax_scheme FROM {schema}sellers").scalar_one())  # noqa: S608 - our name


@pytest.fixture(scope="session", params=DATABASES)
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a shop whose seller is unregistered, of which others are made."""
    folder = tmp_path_factory.mktemp("original")
    url = new_database(request.param, request, folder)
    shop = Place({"DATA_DIR": str(folder), "DATABASE_URL": url})
    shop.do("migrate")
    shop.do("tax-scheme", "unregistered")
    return url


@pytest.fixture
def place(original: str, development: Mapping[str, str], tmp_path: Path) -> Place:
    """A shop whose seller is unregistered."""
    named = make_url(original)
    if original.startswith("sqlite"):
        url = empty_sqlite(tmp_path)
        with (
            closing(sqlite3.connect(str(named.database))) as one,
            closing(sqlite3.connect(tmp_path / "shop.db")) as copy,
        ):
            one.backup(copy)
    else:
        name = f"place_{tmp_path.name}".replace("-", "_")
        url = original.replace(f"/{named.database}?", f"/{name}?")
        with psycopg.connect(original.replace(f"/{named.database}?", "/postgres?"), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{named.database}"'.encode())
    return Place({**development, "DATABASE_URL": url, "PATH": PROGRAMS})


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, place: Place, tmp_path: Path) -> Place:
    """A place without a shop, on the same kind of database."""
    folder = tmp_path / f"elsewhere_{tmp_path.name}"
    folder.mkdir()
    url = new_database("sqlite" if place.url.startswith("sqlite") else "postgresql", request, folder)
    return Place({**place.settings, "DATA_DIR": str(folder), "DATABASE_URL": url})


@pytest.fixture
def live(development: Mapping[str, str]) -> Mapping[str, str]:
    """The settings of a shop that people buy from."""
    return {**development, **LIVE}


@pytest.fixture
def clerks_url(postgresql: str, tmp_path: Path) -> str:
    """The URL of a database for somebody with the password `hidden`, whom the server asks for it."""
    return empty_with_password(postgresql, f"clerk_{tmp_path.name}".replace("-", "_"), "hidden")


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
