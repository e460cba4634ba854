"""Where there is no database: a server that says nothing is not waited for, and a file that is missing is not made."""

import asyncio
import socket
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from checkout_app.core import database, postgres
from checkout_app.core.rounds import Round
from tests.support.inside import settings_for
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
            for session in (database.read(), database.alone()):
                with pytest.raises(OperationalError, match="timeout expired"):
                    async with session as opened:
                        await asyncio.wait_for(opened.get(Round, "one"), PATIENCE)
            with pytest.raises(OperationalError, match="timeout expired"):
                await asyncio.wait_for(asyncio.to_thread(_connect), PATIENCE)
            await database.dispose()


async def test_reading_and_writing_never_make_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}"):
        for session in (database.read(), database.write(), database.alone()):
            with pytest.raises(OperationalError, match="unable to open database file"):
                async with session as opened:
                    await opened.get(Round, "one")
        with pytest.raises(OperationalError, match="unable to open database file"):
            _connect()
        await database.dispose()
    assert not (tmp_path / "shop.db").exists()
