"""A shop on PostgreSQL: the server's own programs dump it, and put it back within one transaction."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from checkout_app.core import database
from checkout_app.core.postgres import LOCK_SECONDS
from checkout_app.server.backups.archive import BackupError, unfinished

_ROW: Final = re.compile(r"^COPY [^(]+\((?P<columns>.*)\) FROM stdin;\n(?P<values>(?!\\\.$).+)$", re.MULTILINE)
_TABLES: Final = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)
_LEAVING: Final = 2.0
"""Seconds: a server counts a connection for a moment longer than it is open."""
_LOOK_AGAIN: Final = 0.1
_ASIDE: Final = """
SET LOCAL lock_timeout = '{seconds}s';
CREATE SCHEMA {aside};
DO $$
DECLARE present record;
BEGIN
  FOR present IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('ALTER TABLE %I.%I SET SCHEMA {aside}', current_schema(), present.tablename);
  END LOOP;
END $$;
"""
"""Moves tables alone: the schema itself, and extensions in it, may be somebody else's."""
_MOST_WORDS: Final = 300


class PostgresqlSchema:
    """The schema that a shop is in: where a connection of ours makes its tables, and where nobody else has any."""

    member: Final = "shop.dump"

    def __init__(self, url: str, workplace: Path) -> None:
        self.workplace: Final = workplace
        self._connection, self._environment = _connection(url)
        with database.blocking() as connection:
            _require_direct(connection)
            self._schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
            version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        self._programs = {name: _program(name, version // 10_000) for name in ("pg_dump", "pg_restore", "psql")}

    def dump(self, into: Path) -> None:
        """Dump the shop as it is at one moment into a file; others go on meanwhile."""
        schema = '"{}"'.format(self._schema.replace('"', '""'))
        self._run("pg_dump", "--format=custom", "--schema", schema, "--file", str(into), "--dbname", self._connection)

    def look_through(self, dump: Path) -> None:
        """Raise BackupError when a dump is damaged."""
        self._run("pg_restore", "--file", os.devnull, str(dump))

    def value_in(self, dump: Path, table: str, column: str) -> str:
        """Return what the first row of a table has in a dump; empty when there is no such thing."""
        named = ("--schema", self._schema, "--table", table)
        found = _ROW.search(self._run("pg_restore", "--data-only", *named, "--file", "-", str(dump)))
        row = zip(found["columns"].split(", "), found["values"].split("\t"), strict=True) if found else ()
        return str(dict(row).get(column, ""))

    def require_alone(self) -> None:
        """Raise BackupError when anybody else is connected to the database in our name, and does not leave just now."""
        patience = time.monotonic() + _LEAVING
        while others := self._others():
            if time.monotonic() > patience:
                raise BackupError(f"{database.place()} is in use, by {others} others: stop the shop first.")
            time.sleep(_LOOK_AGAIN)

    def _others(self) -> int:
        with database.blocking() as connection:
            return int(connection.exec_driver_sql(_OTHERS).scalar_one())

    def is_there(self) -> bool:
        """Tell whether there is anything that a restored shop would take the place of."""
        with database.blocking() as connection:
            return bool(connection.exec_driver_sql(_TABLES).scalar_one())

    def put_back(self, dump: Path, moment: datetime) -> str:
        """Let a dump be the shop, all of it or nothing; returns where what was there is kept, empty for nothing."""
        aside = f"replaced_{moment:%Y%m%d_%H%M%S}" if self.is_there() else ""
        first = ["--command", _ASIDE.format(aside=aside, seconds=LOCK_SECONDS)] if aside else []
        with unfinished(self.workplace, "shop.sql") as script:
            selected = ("--schema", self._schema, "--no-owner", "--no-privileges")  # it belongs to whoever restores it
            self._run("pg_restore", *selected, "--file", str(script), str(dump))
            once = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
            self._run("psql", *once, *first, "--file", str(script), "--dbname", self._connection)
        return f"the schema {aside}" if aside else ""

    def _run(self, name: str, *arguments: str) -> str:
        done = _said([self._programs[name], *arguments], self._environment)
        if done.returncode:
            reason = done.stderr.strip().partition("\n")[0][:_MOST_WORDS].rstrip(".")
            raise BackupError(f"{reason or f'{name} ended with {done.returncode}'}.")
        return done.stdout


def _connection(url: str) -> tuple[str, Mapping[str, str]]:
    """Return what the programs connect to, and the environment that has the password: everybody sees a command line."""
    named = make_url(url)
    _, given = named.get_dialect()().create_connect_args(named)
    secret = {"PGPASSWORD": str(given.pop("password"))} if "password" in given else {}
    return make_conninfo(**given), {**os.environ, **secret}


def _require_direct(connection: Connection) -> None:
    """Raise BackupError when a pooler is in between: it shows itself by a process that is not the database's."""
    reached: Any = connection.connection.driver_connection
    if reached.info.backend_pid != connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one():
        raise BackupError(
            "A pooler is between us and the database, and would lend connections to the shop as PostgreSQL's programs "
            "leave them: let DATABASE_URL name the database itself for this command."
        )


def _program(name: str, major: int) -> str:
    """Find one of PostgreSQL's programs on the PATH; of another version it may write what the server can't read."""
    found = shutil.which(name)
    version = _said([found, "--version"]).stdout.strip() if found else "missing"
    if found is None or f" {major}." not in version:
        raise BackupError(
            f"The server is PostgreSQL {major}: {name} of that version has to be on the PATH, where it is {version}."
        )
    return found


def _said(command: list[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
