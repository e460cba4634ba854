"""The database: questions, readings and transactions, on SQLite and PostgreSQL alike.

A transaction never waits for the network: services read or write, leave it, and only then talk to Razorpay.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, bindparam, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel, select
from typing_extensions import override

from checkout_app.core import urls
from checkout_app.core.postgres import Postgres, PostgresWire, patience_of
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.sqlite import Sqlite, SqliteWire
from checkout_app.core.statements import Statement

Table = TypeVar("Table", bound=SQLModel)

_PGBOUNCER = " When PgBouncer answers there, DATABASE_URL has to say so, by ?pgbouncer=true at its end."


class DatabaseAway(SystemExit):
    """A database that can't be asked, so that nothing is known of the shop; its text says why, and what to do."""


def prepare_directory(url: str) -> None:
    """Make the folder that an SQLite file is to lie in; raises DatabaseAway."""
    if file := urls.sqlite_file(url):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseAway(f"The folder {file.parent.absolute()} can't be made: {error.strerror}.") from error


@lru_cache
def _pool() -> Sqlite | Postgres:
    """Return the connections of this process, made when they are first needed."""
    url = settings().database_url
    if url.startswith("sqlite"):
        return Sqlite(url)
    return Postgres(url, settings().database_pool, pgbouncer=settings().pgbouncer)


class _Opened:
    """A session for the length of a block: what is left to write down is written at its end, unless the block raises.

    A class, since a generator that waits is made known to the event loop, which costs more than all that is done here.
    """

    def __init__(self, wire: SqliteWire | PostgresWire, session: Session) -> None:
        self._wire = wire
        self._session = session

    async def __aenter__(self) -> Session:
        return self._session

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            await self._wire.end(well=False)
            return
        try:
            await self._session.finish()
        except BaseException:
            await self._wire.end(well=False)
            raise
        await self._wire.end(well=True)
        self._session.committed()


class _Question(Session):
    """A session that refuses a second statement, which might see another state than the first."""

    _asked = False

    @override
    async def flush(self) -> None:
        """Let a statement be said, the only one."""
        if self._asked:
            raise RuntimeError("this session is for one statement: several that must agree need read() or write()")
        self._asked = True


def read() -> AbstractAsyncContextManager[Session]:
    """Open a session whose statements all see the state the first of them saw, and which changes nothing."""
    wire = _pool().reading()
    return _Opened(wire, Session(wire))


def ask(*, long: bool = False) -> AbstractAsyncContextManager[Session]:
    """Open a session for one statement that changes nothing: no transaction is begun or ended around it.

    `long` says that it may take long: PostgreSQL gives it minutes instead of seconds, and SQLite works on it in a
    thread, so that whoever else is served goes on.
    """
    wire = _pool().asking(long=long)
    return _Opened(wire, _Question(wire))


def change() -> AbstractAsyncContextManager[Session]:
    """Open a session for one question and for what follows from it, written down when the block ends, all or nothing.

    Nothing is locked meanwhile. What follows must therefore depend on nothing but what the question found in rows that
    are `guarded`, or that never change: where those are not what they were any more, or a new row's key is there
    already, Lost or Taken is raised, and whoever asked may ask again in `write()`.
    """
    pool = _pool()
    wire = pool.writing() if isinstance(pool, Sqlite) else pool.asking()
    return _Opened(wire, _Question(wire, writes=True))


def write() -> AbstractAsyncContextManager[Session]:
    """Open a transaction: committed when the block ends, undone when it raises. Never nest two."""
    wire = _pool().writing()
    return _Opened(wire, Session(wire, writes=True))


def in_use() -> int:
    """Count the connections of this process that are in use; those that only read an SQLite file are not counted."""
    return _pool().in_use if _pool.cache_info().currsize else 0


async def dispose() -> None:
    """Close every connection; the next use opens new ones."""
    if _pool.cache_info().currsize:
        pool = _pool()
        _pool.cache_clear()
        await pool.dispose()


async def lock(session: Session, table: type[Table], ids: Sequence[str]) -> list[Table]:
    """Lock rows by primary key, always in sorted order so that two transactions can't wait for each other.

    SQLite needs no row locks: its writers come one at a time.
    """
    return list(await session.exec(_locking(table), ids=list(ids)))


@lru_cache
def _locking(table: type[Table]) -> Statement[Table]:
    [key] = table.__table__.primary_key  # type: ignore[attr-defined]
    return Statement(select(table).where(key.in_(bindparam("ids", expanding=True))).order_by(key).with_for_update())


async def insert_new(session: Session, row: SQLModel) -> bool:
    """Insert a row unless one with the same key is there; waits for a rival that is inserting it right now.

    Returns whether this call made the row.
    """
    return await session.insert_new(row)


@contextmanager
def blocking() -> Iterator[Connection]:
    """Open a connection of its own without any event loop, and without making an SQLite file."""
    url = settings().database_url
    patience = {} if url.startswith("sqlite") else patience_of(url, pgbouncer=settings().pgbouncer)
    engine = create_engine(url, poolclass=NullPool, connect_args=patience)
    if url.startswith("sqlite"):
        _never_make_a_file(engine)
    with engine.connect() as connection:
        yield connection


def _never_make_a_file(engine: Engine) -> None:
    """Let an engine open an SQLite file but not make it: one that was moved away is not an empty shop."""

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: object, _record: object, arguments: list[str], options: dict[str, Any]) -> None:
        arguments[0], options["uri"] = urls.existing(arguments[0]), True


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a database answers that can't be asked into DatabaseAway, for programs that an operator watches."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
        hint = _PGBOUNCER if "startup parameter" in reason else ""
        raise DatabaseAway(f"Nothing can be asked of {place()}: {reason}.{hint}") from error


def place() -> str:
    """Say where the database is, without the password."""
    url = settings().database_url
    if file := urls.sqlite_file(url):
        return f"the SQLite file {file.absolute()}"
    named = make_url(url)
    shown = URL.create("postgresql", named.username, host=named.host, port=named.port, database=named.database)
    return f"the database {shown}"
