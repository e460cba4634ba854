"""PostgreSQL by asyncpg: a pool without ceremony, and sessions' wires on it.

Nothing is asked before a connection is used: one whose server has gone is noticed by then, or by the first statement,
which is said again on a new one where it can't have taken effect yet. A server that says nothing is hung up on: what it
was asked then may yet be done, as with any answer that got lost, and is not said again.
"""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

import asyncpg
from sqlalchemy import Dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from checkout_app.core.changes import Change, Lost, Taken, merged
from checkout_app.core.metrics import WAITS
from checkout_app.core.patience import Patience
from checkout_app.core.statements import POSTGRESQL

LOCK_SECONDS: Final = 8
"""How long a statement waits for a lock before it gives up."""
STATEMENT_SECONDS: Final = 9
"""How long the server works on a statement before it gives up."""
LONG_SECONDS: Final = 300
"""The same for the questions of the books."""
CONNECT_SECONDS: Final = 5.0
"""How long a server that says nothing is waited for; `connect_timeout` in the URL says otherwise."""
_POOL_SECONDS: Final = 5.0
"""How long a session waits for a connection."""
_LATE_SECONDS: Final = 1.0
"""How much later than the server gives up we do, who may hear nothing at all."""
_KEEPALIVE: Final = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""After how many seconds the system asks whether a silent server is there, how often, and when it takes it for gone."""
_TEXTS: Final = 500
"""How many statements a connection keeps prepared."""
_LIBPQ_ALONE: Final = (
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
    *("channel_binding", "gssencmode", "sslcompression", "sslsni", "client_encoding", "fallback_application_name"),
    *("require_auth", "load_balance_hosts", "hostaddr", "requirepeer"),
)
"""Parameters of a URL that are about how libpq connects, which does not do it here."""

_GONE = (asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, asyncpg.InternalClientError, ConnectionError)
"""What a connection says whose server has gone."""
_AWAY = (
    *(OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError),
    *(asyncpg.InsufficientResourcesError, asyncpg.LockNotAvailableError, asyncpg.TransactionRollbackError),
    *(asyncpg.PostgresSystemError, asyncpg.ReadOnlySQLTransactionError),
)
"""What passes by itself: no server, one that stops, only reads or has no room, a lock that is held for too long."""
_WRONG = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class Postgres:
    """The connections of one process, the last one used first."""

    def __init__(self, url: str, size: int, *, pgbouncer: bool = False) -> None:
        self._dsn, self._patience = _dsn(url)
        self._pgbouncer = pgbouncer
        self._idle: list[Any] = []
        self._room = asyncio.Semaphore(size)
        self._awaited = Patience[Any](lambda connection: connection.terminate())
        self.in_use = 0

    def asking(self, *, long: bool = False) -> "PostgresWire":
        """Open a wire without a transaction; a statement that may take long needs one to say how long."""
        if long:
            return PostgresWire(self, _bounded("BEGIN READ ONLY", LONG_SECONDS), LONG_SECONDS + _LATE_SECONDS)
        return PostgresWire(self, None)

    def reading(self) -> "PostgresWire":
        """Open a wire on which all statements see the same state, and change nothing."""
        return PostgresWire(self, self._begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))

    def writing(self) -> "PostgresWire":
        """Open a wire in a transaction."""
        return PostgresWire(self, self._begin("BEGIN"))

    async def take(self, *, fresh: bool = False) -> Any:
        """Take a connection to oneself; raises OperationalError when none can be made."""
        if self._room.locked():
            with WAITS.time():
                await self._wait()
        else:
            await self._room.acquire()  # at once, and a clock costs as much as all the rest of this
        self.in_use += 1
        try:
            while self._idle and not fresh:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await self._connect()
        except BaseException:
            self._make_room()
            raise

    def give_back(self, connection: Any) -> None:
        """Let others have it; one in the middle of something is closed."""
        if connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)
        self._make_room()

    async def say(self, connection: Any, how: str, text: str, values: Sequence[Any], patience: float = 0) -> Any:
        """Say a statement and return its answer; hangs up without one, which might be taken for the next one's.

        `patience` is for how many seconds it may take, where that is longer than for any statement.
        """
        self._awaited.begin(connection, patience or STATEMENT_SECONDS + _LATE_SECONDS)
        try:
            return await getattr(connection, how)(text, *values)
        except BaseException as error:
            if not isinstance(error, asyncpg.PostgresError):
                connection.terminate()
            if connection not in self._awaited and isinstance(error, Exception):
                raise _in_sqlalchemys_words(text, TimeoutError("no answer came")) from error
            if isinstance(error, _WRONG):
                raise _in_sqlalchemys_words(text, error) from error
            raise
        finally:
            self._awaited.end(connection)

    def _make_room(self) -> None:
        self.in_use -= 1
        self._room.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_POOL_SECONDS):
                await self._room.acquire()
        except TimeoutError as error:
            raise OperationalError("connect", None, ConnectionError("no connection is free")) from error

    async def dispose(self) -> None:
        """Close what nobody uses; a server that does not say goodbye is not waited for."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.close(timeout=_LATE_SECONDS) for connection in idle), return_exceptions=True)

    def _begin(self, words: str) -> str:
        return _bounded(words, STATEMENT_SECONDS) if self._pgbouncer else words

    async def _connect(self) -> Any:
        """Connect; PgBouncer keeps nothing for a connection, neither what is set for it nor what was prepared."""
        bounds = {"lock_timeout": f"{LOCK_SECONDS}s", "statement_timeout": f"{STATEMENT_SECONDS}s"}
        try:
            connection = await asyncpg.connect(
                self._dsn,
                timeout=self._patience,
                server_settings={} if self._pgbouncer else bounds,
                statement_cache_size=0 if self._pgbouncer else _TEXTS,
            )
        except TimeoutError as error:
            raise OperationalError("connect", None, ConnectionError("connection timeout expired")) from error
        except _WRONG as error:
            raise OperationalError("connect", None, error) from error
        _keep_alive(connection)
        return connection


class PostgresWire:
    """A connection for the length of a session, in a transaction that begins with its first statement."""

    dialect: Dialect = POSTGRESQL

    def __init__(self, pool: Postgres, begin: str | None, patience: float = 0) -> None:
        self._pool = pool
        self._begin = begin
        self._patience = patience
        """Seconds that an answer may take, where it is not as many as for any statement."""
        self._connection: Any = None

    @property
    def begun(self) -> bool:
        """Whether it is open."""
        return self._connection is not None

    async def fetch(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return the rows that a statement answers."""
        return await self._run("fetch", text, values)  # type: ignore[no-any-return]

    async def execute(self, text: str, values: Sequence[Any]) -> int:
        """Carry out a statement without an answer; returns how many rows it concerned."""
        status = await self._run("execute", text, values)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def apply(self, changes: Sequence[Change], *, alone: bool) -> None:
        """Make all of these changes in one round trip, which needs no words around it to be a transaction."""
        text = merged(tuple((change.text, change.must) for change in changes))
        values = [value for change in changes for value in change.values]
        if alone:
            self._begin, self._connection = None, await self._pool.take()
        elif self._connection is None:
            self._connection = await self._connected()
        try:
            await self._pool.say(self._connection, "fetch", text, values)
        except DBAPIError as error:
            if isinstance(error.orig, asyncpg.DivisionByZeroError):
                raise Lost from error
            raise

    async def end(self, *, well: bool) -> None:
        """End the transaction, well or as if it had not been, and give the connection back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._begin and well:
                await self._pool.say(connection, "execute", "COMMIT", ())
            elif self._begin:
                with suppress(DBAPIError):  # a connection that is gone has undone it
                    await self._pool.say(connection, "execute", "ROLLBACK", ())
        finally:
            self._pool.give_back(connection)

    async def _run(self, how: str, text: str, values: Sequence[Any]) -> Any:
        if self._connection is None:
            self._connection = await self._connected()
        try:
            return await self._pool.say(self._connection, how, text, values, self._patience)
        except DBAPIError as error:
            if self._begin or not isinstance(error.orig, _GONE):
                raise
        await self._another()  # a question by itself may be asked again
        return await self._pool.say(self._connection, how, text, values)

    async def _connected(self) -> Any:
        connection = await self._pool.take()
        if self._begin is None:
            return connection
        try:
            return await self._begun(connection)
        except OperationalError as error:
            if isinstance(error.orig, TimeoutError):  # then a new one would say nothing either
                raise
        return await self._begun(await self._pool.take(fresh=True))  # nothing has been done yet

    async def _begun(self, connection: Any) -> Any:
        try:
            await self._pool.say(connection, "execute", self._begin or "", ())
        except BaseException:
            connection.terminate()
            self._pool.give_back(connection)
            raise
        return connection

    async def _another(self) -> None:
        connection, self._connection = self._connection, None
        self._pool.give_back(connection)
        self._connection = await self._pool.take(fresh=True)


def _bounded(begin: str, seconds: int) -> str:
    """Say for one transaction alone how long its statements may take."""
    return f"{begin}; SET LOCAL lock_timeout = '{LOCK_SECONDS}s'; SET LOCAL statement_timeout = '{seconds}s'"


def _keep_alive(connection: Any) -> None:
    """Let the system find out about a server that went without a word while nothing was asked of it."""
    line = connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg has no option for it
    if line.family == socket.AF_UNIX:
        return
    with socket.fromfd(line.fileno(), line.family, line.type) as known:
        known.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            if option := getattr(socket, name, None):  # macOS has not all of them
                known.setsockopt(socket.IPPROTO_TCP, option, value)


def _in_sqlalchemys_words(text: str, error: Exception) -> DBAPIError:
    """Name an error as SQLAlchemy does, whatever the driver, without the values, which may be somebody's."""
    if isinstance(error, asyncpg.PostgresError):
        error.detail = None  # it shows the whole row
    if isinstance(error, asyncpg.UniqueViolationError):
        return Taken(text, None, error)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError(text, None, error)
    if isinstance(error, _AWAY):
        return OperationalError(text, None, error)
    return DBAPIError(text, None, error)


def _dsn(url: str) -> tuple[str, float]:
    """Return what asyncpg connects to, and how many seconds it may take."""
    named = make_url(url)
    _, options = named.get_dialect()().create_connect_args(named)
    patience = float(options.pop("connect_timeout", CONNECT_SECONDS))
    known = {name: value for name, value in options.items() if name not in _LIBPQ_ALONE}
    return f"postgresql://?{urlencode(known)}", patience


def patience_of(url: str, *, pgbouncer: bool) -> dict[str, Any]:
    """Return what keeps a connection of psycopg's from waiting for ever, be it for a lock or for the server."""
    seconds = make_url(url).query.get("connect_timeout", int(CONNECT_SECONDS))
    bounds = {"prepare_threshold": None} if pgbouncer else {"options": f"-c lock_timeout={LOCK_SECONDS}s"}
    return {"connect_timeout": seconds, **bounds}
