"""The health endpoint: what it says of each part, and that asking it often does not ask the gateway often."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import Response

from checkout_app.core import database
from checkout_app.server import health
from tests.support.inside import Inside, running_inside


@pytest.fixture
async def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    """A shop that was not asked how it is yet."""
    for kept in (health._books, health._gateway):  # noqa: SLF001 - a process that has just begun
        monkeypatch.setattr(kept, "_last", None)
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}") as running:
        yield running


async def _ask() -> tuple[int, health.Health]:
    response = Response()
    told = await health.health(response)
    return response.status_code, told


async def test_however_many_ask_the_gateway_is_asked_once(inside: Inside) -> None:
    told = await asyncio.gather(*(_ask() for _ in range(20)))
    assert {(status, each.status) for status, each in told} == {(200, "ok")}
    assert inside.line.calls == ["GET /v1/orders"]


async def test_without_its_gateway_the_shop_is_degraded_until_the_next_look(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside.line.troubles = ["reset", "500", "html"]
    for _ in range(2):
        status, told = await _ask()
        assert (status, told.status, told.gateway, told.database) == (200, "degraded", "down", "ok")
    monkeypatch.setattr(health._gateway, "_last", None)  # noqa: SLF001 - its time has passed
    assert (await _ask())[1].status == "ok"


async def test_a_gateway_that_does_not_answer_is_not_waited_for(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 1.0)  # long enough for the database
    given_up = asyncio.Event()

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    inside.line.meanwhile = for_ever
    status, told = await _ask()
    assert (status, told.gateway, given_up.is_set()) == (200, "down", True)


async def test_without_its_database_the_shop_is_down(inside: Inside, tmp_path: Path) -> None:
    assert inside
    await database.dispose()
    for name in ("shop.db", "shop.db-wal", "shop.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    status, told = await _ask()
    assert (status, told.status, told.database, told.gateway) == (503, "down", "down", "ok")
