"""The database: sessions, transactions, locks, on SQLite and PostgreSQL alike.

A transaction never waits for the network: services read or write, leave it, and only then talk to Razorpay.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from checkout_app.core import urls
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings

Table = TypeVar("Table", bound=SQLModel)

BUSY_SECONDS = 20
"""How long a writer waits for its turn on SQLite, which lets one write at a time."""
LOCK_SECONDS = 10
"""How long a statement waits for a lock on PostgreSQL before it gives up."""
CONNECT_SECONDS = 10
"""How long a PostgreSQL server that says nothing is waited for; `connect_timeout` in the URL says otherwise."""


class DatabaseAway(SystemExit):
    """A database that can't be asked, so that nothing is known of the shop; its text says why, and what to do."""


_NOTHING_AROUND = "nothing_around"
"""The execution option of a connection on which no transaction is begun."""


@dataclass(frozen=True, slots=True)
class _Engines:
    reading: AsyncEngine
    asking: AsyncEngine
    writing: AsyncEngine


def _never_make_a_file(engine: Engine) -> None:
    """Let an engine open an SQLite file but not make it: one that was moved away is not an empty shop."""

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: object, _record: object, arguments: list[str], options: dict[str, Any]) -> None:
        arguments[0], options["uri"] = urls.existing(arguments[0]), True


def _patience(url: str) -> dict[str, Any]:
    """Return what keeps a connection from waiting for ever, be it for a lock or for the server itself."""
    seconds = make_url(url).query.get("connect_timeout", CONNECT_SECONDS)
    return {"options": f"-c lock_timeout={LOCK_SECONDS}s", "connect_timeout": seconds}


def _sqlite_engine(url: str, begin: str, **options: Any) -> AsyncEngine:
    """Make an engine whose transactions start with `begin`, and which never loses a commit to a power cut."""
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True, **options)
    _never_make_a_file(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        if not connection.get_execution_options().get(_NOTHING_AROUND):
            connection.exec_driver_sql(begin)

    return engine


def _refuse_unstorable_text(engine: AsyncEngine) -> None:
    """Refuse text that no database keeps, whichever input it came through: NUL characters and half characters."""

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def _check(_connection: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
        for row in parameters if many else [parameters]:
            for value in row.values() if isinstance(row, dict) else row:
                if isinstance(value, str) and ("\0" in value or (not value.isascii() and _has_half_character(value))):
                    raise InvalidInput({"text": "This text has characters that can't be kept."})


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _connect(url: str) -> _Engines:
    if not url.startswith("sqlite"):
        engine = create_async_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True, connect_args=_patience(url)
        )
        _refuse_unstorable_text(engine)
        return _Engines(
            reading=engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
            asking=engine.execution_options(isolation_level="AUTOCOMMIT"),
            writing=engine,
        )
    # One writing connection a process: writers queue in the pool, fairly, instead of polling for the file's lock.
    writing = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0, pool_timeout=BUSY_SECONDS)
    reading = _sqlite_engine(url, "BEGIN", pool_size=10, max_overflow=10)
    _refuse_unstorable_text(reading)
    _refuse_unstorable_text(writing)
    return _Engines(
        reading=reading.execution_options(**{_NOTHING_AROUND: False}),
        asking=reading.execution_options(**{_NOTHING_AROUND: True}),
        writing=writing,
    )


def prepare_directory(url: str) -> None:
    """Make the folder that an SQLite file is to lie in; raises DatabaseAway."""
    if file := urls.sqlite_file(url):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseAway(f"The folder {file.parent.absolute()} can't be made: {error.strerror}.") from error


@lru_cache
def _engines() -> _Engines:
    """Return the pools of this process, made when they are first needed."""
    return _connect(settings().database_url)


@asynccontextmanager
async def read() -> AsyncIterator[AsyncSession]:
    """Open a session whose statements all see the state the first of them saw, and which changes nothing."""
    async with AsyncSession(_engines().reading, expire_on_commit=False, autoflush=False) as session:
        yield session


class _Question(Session):
    """A session that refuses a second statement, which might see another state than the first."""


@event.listens_for(_Question, "do_orm_execute")
def _refuse_a_second(state: ORMExecuteState) -> None:
    if state.session.info.get("asked"):
        raise RuntimeError("ask() is for one statement: several that must agree need read()")
    state.session.info["asked"] = True


@asynccontextmanager
async def ask() -> AsyncIterator[AsyncSession]:
    """Open a session for one statement that changes nothing: no transaction is begun or ended around it."""
    async with AsyncSession(
        _engines().asking, sync_session_class=_Question, expire_on_commit=False, autoflush=False
    ) as session:
        yield session


@asynccontextmanager
async def write() -> AsyncIterator[AsyncSession]:
    """Open a transaction: committed when the block ends, undone when it raises. Never nest two."""
    async with AsyncSession(_engines().writing, expire_on_commit=False) as session, session.begin():
        yield session


async def dispose() -> None:
    """Close every connection; the next use opens new ones."""
    if _engines.cache_info().currsize:
        engines = _engines()
        _engines.cache_clear()
        await engines.writing.dispose()
        await engines.reading.dispose()


async def lock(session: AsyncSession, table: type[Table], ids: Sequence[str]) -> list[Table]:
    """Lock rows by primary key, always in sorted order so that two transactions can't wait for each other.

    SQLite needs no row locks: its writers come one at a time.
    """
    key = next(iter(table.__table__.primary_key))  # type: ignore[attr-defined]
    query = select(table).where(col(key).in_(ids)).order_by(key).with_for_update()
    rows = await session.exec(query.execution_options(populate_existing=True))
    return list(rows.all())


async def insert_new(session: AsyncSession, row: SQLModel) -> bool:
    """Insert a row unless one with the same key is there; waits for a rival that is inserting it right now.

    Returns whether this call made the row.
    """
    table = type(row).__table__  # type: ignore[attr-defined]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row.model_dump()).on_conflict_do_nothing().returning(*table.primary_key)
    return (await session.exec(statement)).first() is not None


@asynccontextmanager
async def alone() -> AsyncIterator[AsyncSession]:
    """Open a session on a connection of its own, where no event loop lasts long enough for the pools."""
    url = settings().database_url
    if url.startswith("sqlite"):
        engine = create_async_engine(url, poolclass=NullPool)
        _never_make_a_file(engine.sync_engine)
    else:
        engine = create_async_engine(url, poolclass=NullPool, connect_args=_patience(url))
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield session
    finally:
        await engine.dispose()


@contextmanager
def blocking() -> Iterator[Connection]:
    """Open a connection of its own without any event loop.

    The one to find out with whether the database is there: the asynchronous driver of SQLite writes a trace to stderr
    when a file can't be opened and the loop ends at once.
    """
    url = settings().database_url
    if url.startswith("sqlite"):
        engine = create_engine(make_url(url).set(drivername="sqlite"), poolclass=NullPool)
        _never_make_a_file(engine)
    else:
        plain = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(plain, poolclass=NullPool, connect_args=_patience(url))
    with engine.connect() as connection:
        yield connection


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a database answers that can't be asked into DatabaseAway, for programs that an operator watches."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
        raise DatabaseAway(f"Nothing can be asked of {place()}: {reason}.") from error


def place() -> str:
    """Say where the database is, without the password."""
    url = settings().database_url
    if file := urls.sqlite_file(url):
        return f"the SQLite file {file.absolute()}"
    named = make_url(url)
    shown = URL.create("postgresql", named.username, host=named.host, port=named.port, database=named.database)
    return f"the database {shown}"
