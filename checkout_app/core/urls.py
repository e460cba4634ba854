"""Which URLs of the database, of Redis and of an address for alerts can work, found out before they are connected to.

What is refused here never repeats the URL: it may hold a password.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_TAKEN = ("sqlite://", "postgresql+psycopg://")
_ALSO = {
    "postgres://": "postgresql+psycopg://",
    "postgresql://": "postgresql+psycopg://",
    "postgresql+psycopg_async://": "postgresql+psycopg://",
    "sqlite+aiosqlite://": "sqlite://",
}
"""Other ways to begin a URL, and what they come to."""
_PGBOUNCER = "pgbouncer"
"""The parameter of a URL, as others have it too, behind which connections are kept for a transaction only."""
HIGHEST_PORT = 65535
_NOT_A_DATABASE = "must be like sqlite:///.data/shop.db or postgresql://user:password@host/name"
_NOT_A_FILE = "must name a file, like sqlite:///.data/shop.db, or sqlite:////srv/shop.db from the root"
_NOT_A_REDIS = "must be like redis://host:6379/0 or rediss://user:password@host:6379/0"
_NOT_A_MAIL_SERVER = "must be like smtp://user:password@host:587 or smtps://host:465"
_NOT_ON_THE_WEB = "must be like https://hooks.example/path"


def database_url(given: str) -> str:
    """Return the URL as SQLAlchemy takes it; raises ValueError when no database can be meant."""
    url = _as_taken(given)
    if not url.startswith(_TAKEN) or "\0" in unquote(url):
        raise ValueError(_NOT_A_DATABASE)
    try:
        options = _arguments(make_url(without_pgbouncer(url)))[1]
    except (ArgumentError, TypeError, ValueError):  # none of their texts: some have the URL in them
        raise ValueError(_NOT_A_FILE if url.startswith("sqlite") else _NOT_A_DATABASE) from None
    if url.startswith("sqlite"):
        _check_file(make_url(url))
    else:
        is_behind_pgbouncer(url)
        _check_server(make_url(url), options)
    return url


def is_behind_pgbouncer(url: str) -> bool:
    """Tell whether a URL says that PgBouncer answers there; raises ValueError when it says neither yes nor no."""
    said = make_url(url).query.get(_PGBOUNCER, "false")
    if said not in {"true", "false"}:
        raise ValueError(f"must have {_PGBOUNCER}=true, or be without {_PGBOUNCER}")
    return said == "true"


def without_pgbouncer(url: str) -> str:
    """Return the URL without the parameter that we alone understand."""
    named = make_url(url)
    if _PGBOUNCER not in named.query:
        return url
    return named.difference_update_query([_PGBOUNCER]).render_as_string(hide_password=False)


def redis_url(given: str) -> str:
    """Return the URL; raises ValueError when neither the pages' state nor the rate limits could use it."""
    from redis.asyncio import ConnectionPool  # takes its time, and few shops need it

    try:
        parts = urlsplit(given)
        named = bool(parts.hostname) == bool(parts.port)  # the rate limits take no host without its port
        ConnectionPool.from_url(given).make_connection()  # type: ignore[no-untyped-call]  # does not connect yet
    except (TypeError, ValueError):
        raise ValueError(_NOT_A_REDIS) from None
    if not named or not given.startswith(("redis://", "rediss://")):
        raise ValueError(_NOT_A_REDIS)
    return given


def web_url(given: str) -> str:
    """Return the URL; raises ValueError when nothing can be posted to it."""
    try:
        parts = urlsplit(given)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(_NOT_ON_THE_WEB) from None
    if not whole or parts.scheme not in {"http", "https"} or not given.isprintable() or " " in given:
        raise ValueError(_NOT_ON_THE_WEB)
    return given


def sqlite_file(url: str) -> Path | None:
    """Return the file that an SQLite URL names, None for PostgreSQL."""
    return _file(make_url(url)) if url.startswith("sqlite") else None


def existing(name: str) -> str:
    """Turn the name of an SQLite file, as the driver gets it, into one that opens the file but never makes it."""
    uri = name.partition("#")[0] if name.startswith("file:") else Path(name).absolute().as_uri()
    _, _, query = uri.partition("?")
    return uri if "mode=ro" in query else f"{uri}{'&' if query else '?'}mode=rw"


def _as_taken(url: str) -> str:
    return next((taken + url.removeprefix(other) for other, taken in _ALSO.items() if url.startswith(other)), url)


def _arguments(url: URL) -> tuple[list[Any], dict[str, Any]]:
    """Return what the driver is going to be called with."""
    arguments, options = url.get_dialect()().create_connect_args(url)
    return list(arguments), dict(options)


def _file(url: URL) -> Path:
    [name], _ = _arguments(url)
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


def _check_file(url: URL) -> None:
    in_memory = url.query.get("mode") == "memory"  # such a database ends with the connection that made it
    if in_memory or _file(url).name in {"", ":memory:"} or str(url.database).endswith("/"):
        raise ValueError(_NOT_A_FILE)


def _check_server(url: URL, options: dict[str, Any]) -> None:
    from psycopg import ProgrammingError  # as above
    from psycopg.conninfo import make_conninfo

    if "@" in (url.host or "") or "@" in (url.database or ""):
        raise ValueError("must have %40 for an @ in the password")
    if url.port is not None and not 1 <= url.port <= HIGHEST_PORT:
        raise ValueError(f"must have a port from 1 to {HIGHEST_PORT}")
    try:
        make_conninfo(**options)
    except (ProgrammingError, ValueError):
        raise ValueError("must have only those parameters after the ? that PostgreSQL knows") from None
    if not options:
        raise ValueError(_NOT_A_DATABASE)


def smtp_url(given: str) -> str:
    """Return the URL of a mail server; raises ValueError when none can be meant."""
    try:
        url = urlsplit(given)
        port = url.port
    except ValueError:
        raise ValueError(_NOT_A_MAIL_SERVER) from None
    has_more = url.path.strip("/") or url.query or url.fragment
    if url.scheme not in {"smtp", "smtps"} or not url.hostname or port == 0 or has_more:
        raise ValueError(_NOT_A_MAIL_SERVER)
    if bool(url.username) != bool(url.password):
        raise ValueError("must have a user and a password, or neither")
    return given
