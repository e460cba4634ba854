"""SQLite by Python's own driver: statements run where they are asked for, and only a commit waits in a thread.

A statement takes microseconds, and handing it to a thread takes longer than that; what takes long is the disk that a
commit waits for. Writers come one at a time, in the order in which they ask.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from sqlalchemy import Dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from checkout_app.core import urls
from checkout_app.core.changes import Change, Lost, Taken
from checkout_app.core.metrics import WAITS
from checkout_app.core.statements import SQLITE

Result = TypeVar("Result")

BUSY_SECONDS: Final = 20
"""How long a writer waits for its turn."""
_TEXTS: Final = 500
"""How many statements a connection keeps prepared."""
_PAUSE: Final = 0.005
"""Seconds until it is tried again whether another process still writes."""
_TAKEN: Final = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_WRITING: Final = "BEGIN IMMEDIATE"
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Sqlite:
    """The connections of one process: one that writes, and as many that read as are reading at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self.turn = asyncio.Lock()
        self._threads = ThreadPoolExecutor(thread_name_prefix="sqlite")

    def asking(self, *, long: bool = False) -> "SqliteWire":
        """Open a wire without a transaction; a statement that may take long is run in a thread."""
        return SqliteWire(self, None, long=long)

    def reading(self) -> "SqliteWire":
        """Open a wire on which all statements see the same state."""
        return SqliteWire(self, "BEGIN")

    def writing(self) -> "SqliteWire":
        """Open a wire in a transaction."""
        return SqliteWire(self, _WRITING)

    @property
    def in_use(self) -> int:
        """Whether somebody writes, as a number: of those that read there is no limit."""
        return int(self.turn.locked())

    def reader(self) -> sqlite3.Connection:
        """Take a connection that reads."""
        return self._idle.pop() if self._idle else self._open()

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Let others read by it."""
        self._idle.append(connection)

    def writer(self) -> sqlite3.Connection:
        """Return the connection that writes, for whoever has the turn; it never waits, since the loop would too."""
        if self._writer is None:
            self._writer = self._open()
            self._writer.execute("PRAGMA busy_timeout = 0")
        return self._writer

    def in_thread(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Do what takes long in a thread."""
        return asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def dispose(self) -> None:
        """Close the connections."""
        for connection in (*self._idle, *([self._writer] if self._writer else [])):
            connection.close()
        self._idle, self._writer = [], None
        self._threads.shutdown()

    def _open(self) -> sqlite3.Connection:
        named = make_url(self._url)
        [name], options = named.get_dialect()().create_connect_args(named)
        options = {**options, "timeout": BUSY_SECONDS, "uri": True, "check_same_thread": False, "isolation_level": None}
        try:
            # Never makes the file: one that was moved away is not an empty shop.
            connection: sqlite3.Connection = sqlite3.connect(urls.existing(name), cached_statements=_TEXTS, **options)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise OperationalError("connect", None, error) from error
        return connection


class SqliteWire:
    """A connection for the length of a session, in a transaction that begins with its first statement."""

    dialect: Dialect = SQLITE

    def __init__(self, pool: Sqlite, begin: str | None, *, long: bool = False) -> None:
        self._pool = pool
        self._begin = begin
        self._long = long
        self._connection: sqlite3.Connection | None = None

    @property
    def begun(self) -> bool:
        """Whether it is open."""
        return self._connection is not None

    async def fetch(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return the rows that a statement answers."""
        return await self._run(lambda connection: connection.execute(text, values).fetchall(), text)

    async def execute(self, text: str, values: Sequence[Any]) -> int:
        """Carry out a statement without an answer; returns how many rows it concerned."""
        return await self._run(lambda connection: connection.execute(text, values).rowcount, text)

    async def apply(self, changes: Sequence[Change], *, alone: bool) -> None:  # noqa: ARG002 - a transaction is cheap here
        """Make all of these changes, one after the other."""
        for change in changes:
            if await self.execute(change.text, change.values) != 1 and change.must:
                raise Lost

    async def end(self, *, well: bool) -> None:
        """End the transaction, well or as if it had not been, and give the connection back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._begin != _WRITING:
            if self._begin:
                connection.rollback()
            self._pool.give_back(connection)
        elif well:
            committing = self._pool.in_thread(lambda: _commit(connection))
            committing.add_done_callback(lambda _: self._pool.turn.release())  # also when nobody waits any more
            await asyncio.shield(committing)
        else:
            connection.rollback()
            self._pool.turn.release()

    async def _run(self, work: Callable[[sqlite3.Connection], Result], text: str) -> Result:
        connection = self._connection or await self._connected()
        try:
            return await self._aside(work, connection) if self._long else work(connection)
        except sqlite3.Error as error:
            raise _in_sqlalchemys_words(text, error) from error

    async def _aside(self, work: Callable[[sqlite3.Connection], Result], connection: sqlite3.Connection) -> Result:
        try:
            return await self._pool.in_thread(lambda: work(connection))
        except asyncio.CancelledError:
            connection.interrupt()
            raise

    async def _connected(self) -> sqlite3.Connection:
        if self._begin == _WRITING:
            self._connection = await self._turn()
        else:
            await asyncio.sleep(0)  # whoever reads again and again lets others go on in between
            self._connection = self._pool.reader()
            if self._begin:
                self._connection.execute(self._begin)
        return self._connection

    async def _turn(self) -> sqlite3.Connection:
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                return await self._writer_in_turn()
        except TimeoutError as error:
            raise OperationalError(_WRITING, None, ConnectionError("others write for too long")) from error

    async def _writer_in_turn(self) -> sqlite3.Connection:
        if self._pool.turn.locked():
            with WAITS.time():
                await self._pool.turn.acquire()
        else:
            await self._pool.turn.acquire()
        try:
            connection = self._pool.writer()
            while not _begins(connection):  # noqa: ASYNC110 - another process has no way to tell us
                await asyncio.sleep(_PAUSE)
        except BaseException:
            self._pool.turn.release()
            raise
        return connection


def _begins(connection: sqlite3.Connection) -> bool:
    """Begin to write, unless another process does."""
    try:
        connection.execute(_WRITING)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise _in_sqlalchemys_words(_WRITING, error) from error
    return True


def _commit(connection: sqlite3.Connection) -> None:
    try:
        connection.commit()
    except sqlite3.Error as error:
        connection.rollback()
        raise _in_sqlalchemys_words("COMMIT", error) from error


def _in_sqlalchemys_words(text: str, error: sqlite3.Error) -> DBAPIError:
    """Name an error as SQLAlchemy does, without the values, which may be somebody's."""
    if isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode in _TAKEN:
        return Taken(text, None, error)
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(text, None, error)
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
        return OperationalError(text, None, error)  # SQLITE_ERROR is a statement that is wrong, and does not pass
    return DBAPIError(text, None, error)
