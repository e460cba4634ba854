"""The server actions without a browser: real handlers on a real database, paying through the real sandbox."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.demo.load import load_products
from checkout_app.payments.gateway import client
from tests.states.driver import Tab, open_tab
from tests.support.databases import migrate
from tests.support.shops import KEY_ID, KEY_SECRET, UNHURRIED, WEBHOOK_SECRET, Gateway


@pytest.fixture(autouse=True)
async def _rooms(gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A shop of its own for each test: fresh database, demo shelves, the shared gateway."""
    own = {
        "DATA_DIR": str(tmp_path),
        "RAZORPAY_API_URL": gateway.url,
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "RATE_LIMITS": UNHURRIED,
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    _forget()
    await asyncio.to_thread(migrate)
    async with database.write() as session:
        await load_products(session)
    yield
    await client.gateway().aclose()
    await database.dispose()
    _forget()


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    """A stranger's browser tab."""
    async with open_tab() as opened:
        yield opened


@pytest.fixture
async def asha(tab: Tab) -> Tab:
    """The tab of somebody who goes on as a guest."""
    tab.cookie = await cookie_of(await accounts.guest("asha@example.in", "Asha Rao"))
    return tab


async def cookie_of(user: User) -> str:
    """Open a session for somebody and return the cookies their browser sends."""
    async with database.write() as session:
        return f"session={tokens.open_session(session, user)}"


def _forget() -> None:
    settings.cache_clear()
    client.gateway.cache_clear()
