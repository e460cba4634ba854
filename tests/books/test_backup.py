"""A backup that is made while people buy is of one moment: its books are right, and what was done before is in them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order
from checkout_app.orders.moves import OrderPayment
from checkout_app.payments.checks.rules import check_rules
from tests.conftest import DATABASES, new_database
from tests.support.crowd import buying
from tests.support.databases import PROGRAMS
from tests.support.inside import running_inside, settings_for
from tests.support.processes import operate
from tests.support.waiting import until


@asynccontextmanager
async def _going_to(place: Mapping[str, str]) -> AsyncIterator[None]:
    """Go to another database for the length of a block."""
    with pytest.MonkeyPatch.context() as monkeypatch, settings_for(monkeypatch, **place):
        yield
        await database.dispose()


@pytest.mark.parametrize("kind", DATABASES)
async def test_a_backup_made_while_people_buy_has_right_books(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    here, there = (tmp_path / f"{kind}_{name}" for name in ("here", "there"))
    here.mkdir()
    there.mkdir()
    place = {"DATA_DIR": str(there), "DATABASE_URL": new_database(kind, request, there), "PATH": PROGRAMS}
    async with running_inside(here, new_database(kind, request, here)) as inside:
        await inside.clear()
        shop = {"DATA_DIR": str(here), "DATABASE_URL": settings().database_url, "PATH": PROGRAMS}
        async with buying(inside) as done:
            await asyncio.to_thread(until, lambda: len(done) >= 5, "some orders")
            before = set(done)
            backed_up = await asyncio.to_thread(operate, shop, "backup", str(there))
            meanwhile = len(done) - len(before)
    assert (backed_up.returncode, meanwhile > 0) == (0, True), backed_up.stderr
    [backup] = there.glob("shop-*.tar.gz")
    restored = operate(place, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    async with _going_to(place):
        assert await check_rules() == []
        async with database.read() as session:
            given_back = select(Order.id).where(col(Order.payment_status) == OrderPayment.PARTIALLY_REFUNDED)
            assert before <= set(await session.exec(given_back))
