"""URLs as hosters give them: `postgres://` and `sslmode=require`, on each of the ways to the database."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import func, select, text

from checkout_app.core import database, postgres
from tests.support.inside import settings_for
from tests.support.tls_server import speaking_tls


@pytest.fixture
def secured(postgresql: str) -> Iterator[str]:
    """A database that is reached by TLS alone."""
    with speaking_tls(postgresql) as url:
        yield url


async def _ask() -> int:
    async with database.ask() as session:
        return int((await session.exec(select(func.length("four")))).one())


def _ask_blocking() -> int:
    with database.blocking() as connection:
        return int(connection.execute(text("SELECT 4")).scalar_one())


async def test_a_database_that_wants_tls_is_spoken_to_by_tls(secured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with settings_for(monkeypatch, DATABASE_URL=f"{secured}?sslmode=require"):
        assert (await _ask(), await asyncio.to_thread(_ask_blocking)) == (4, 4)
        await database.dispose()


async def test_without_tls_it_is_told_as_any_database_that_is_away(
    secured: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with settings_for(monkeypatch, DATABASE_URL=f"{secured}?sslmode=disable"):
        with pytest.raises(OperationalError):
            await _ask()
        await database.dispose()


async def test_the_system_looks_after_a_connection_of_which_nothing_is_asked(
    secured: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with settings_for(monkeypatch, DATABASE_URL=f"{secured}?sslmode=require"):
        await _ask()
        pool = database._pool()  # noqa: SLF001 - nobody else wants to know
        assert isinstance(pool, postgres.Postgres)
        [idle] = pool._idle  # noqa: SLF001
        line = idle._transport.get_extra_info("socket")  # noqa: SLF001
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        told = {name: line.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in postgres._KEEPALIVE}  # noqa: SLF001
        assert told == postgres._KEEPALIVE  # noqa: SLF001
        await database.dispose()
