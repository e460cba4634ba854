"""Where there is no database: a server that says nothing is not waited for, and a file that is missing is not made."""

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from checkout_app.core import database, postgres, sqlite
from checkout_app.core.rounds import Round
from checkout_app.server.api import build_api
from tests.conftest import new_database
from tests.support.inside import put_on_shelf, running_inside, settings_for
from tests.support.waiting import PATIENCE


def _connect() -> None:
    with database.blocking():
        pass


async def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://clerk@127.0.0.1:{silent.getsockname()[1]}/shop"
        with settings_for(monkeypatch, DATA_DIR=str(tmp_path), DATABASE_URL=url):
            with pytest.raises(OperationalError, match="timeout expired"):
                async with database.read() as opened:
                    await asyncio.wait_for(opened.get(Round, "one"), PATIENCE)
            with pytest.raises(OperationalError, match="timeout expired"):
                await asyncio.wait_for(asyncio.to_thread(_connect), PATIENCE)
            await database.dispose()


async def test_reading_and_writing_never_make_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}"):
        for session in (database.read(), database.write()):
            with pytest.raises(OperationalError, match="unable to open database file"):
                async with session as opened:
                    await opened.get(Round, "one")
        with pytest.raises(OperationalError, match="unable to open database file"):
            _connect()
        await database.dispose()
    assert not (tmp_path / "shop.db").exists()


@pytest.mark.parametrize("gone", ["no server", "no file"])
async def test_whoever_comes_meanwhile_is_told_when_to_come_again(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    url = f"postgresql://clerk:secret@127.0.0.1:{port}/shop" if gone == "no server" else f"sqlite:///{tmp_path}/shop.db"
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), DATABASE_URL=url):
        transport = httpx.ASGITransport(build_api())
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test/api") as client:
            answers = [
                await client.get("/products"),
                await client.post("/auth/guest", json={"email": "asha@example.in"}),
            ]
        await database.dispose()
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (answer.json()["code"], answer.json()["detail"]) == (
            "temporarily_unavailable",
            "The shop does not answer just now. Nothing is lost; try again in a moment.",
        )
    assert [record.levelname for record in caplog.records if "database does not answer" in record.message] == [
        "ERROR"
    ] * 2


async def test_who_waits_for_a_connection_in_vain_is_told_so(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_POOL_SECONDS", 0.05)
    url = new_database("postgresql", request, tmp_path)
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), DATABASE_URL=url, DATABASE_POOL="1"):
        async with database.read() as holding:
            await holding.exec(select(1))
            with pytest.raises(OperationalError, match="no connection is free"):
                async with database.read() as waiting:
                    await waiting.exec(select(1))
        await database.dispose()


async def test_who_waits_for_their_turn_to_write_in_vain_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}"), database.write() as writing:
        await writing.exec(select(1))
        with pytest.raises(OperationalError, match="others write for too long"):
            async with database.write() as waiting:
                await waiting.exec(select(1))


async def test_a_lock_that_is_held_for_too_long_passes_by_itself(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 1)
    url = new_database("postgresql", request, tmp_path)
    async with running_inside(tmp_path, url), database.write() as holding:
        await holding.exec(text("LOCK TABLE orders"))
        with pytest.raises(OperationalError, match="lock timeout"):
            async with database.write() as waiting:
                await waiting.exec(text("LOCK TABLE orders"))


async def test_a_server_that_only_reads_is_one_that_is_away(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = new_database("postgresql", request, tmp_path)
    async with running_inside(tmp_path, url):
        async with database.write() as session:
            name = make_url(url).database
            await session.exec(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        await database.dispose()
        with pytest.raises(OperationalError, match="read-only transaction"):
            await put_on_shelf(1)
