"""What the server keeps of a tab goes some time after it was closed, and never while it is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State
from reflex_base.config import get_config

from checkout_app.checkout_app import app
from checkout_app.orders.service import HOLD
from checkout_app.payments.holds import GRACE
from checkout_app.server import open_tabs
from checkout_app.server.open_tabs import keep_open_tabs
from tests.support.waiting import until

OPEN, CLOSED, BACK = "a-tab-that-is-open", "a-tab-that-was-closed", "a-tab-that-was-loaded-anew"


@pytest.fixture
async def states(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StateManagerMemory]:
    """What the app keeps of tabs, for a second only."""
    manager = app.state_manager
    assert isinstance(manager, StateManagerMemory)
    monkeypatch.setattr(manager, "token_expiration", 1)
    monkeypatch.setattr(get_config(), "redis_token_expiration", 1)
    keeping = asyncio.create_task(keep_open_tabs(app))
    yield manager
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    for tab in (OPEN, CLOSED, BACK):
        await _close(tab)
    await manager.close()  # type: ignore[no-untyped-call]


async def _open(tab: str) -> None:
    assert app.event_namespace
    await app.event_namespace.link_token_to_sid(f"socket of {tab}", tab)


async def _close(tab: str) -> None:
    assert app.event_namespace
    if cleaning := app.event_namespace.on_disconnect(f"socket of {tab}"):
        await cleaning


async def test_only_what_is_of_closed_tabs_goes(states: StateManagerMemory) -> None:
    for tab in (OPEN, CLOSED, BACK):
        await _open(tab)
    kept = dict(states.states)
    for tab in (CLOSED, BACK):
        await _close(tab)
    await _open(BACK)
    await asyncio.to_thread(until, lambda: CLOSED not in states.states, "the state of a closed tab to go")
    assert [states.states.get(tab) is kept[tab] for tab in (OPEN, BACK)] == [True, True]


async def test_where_there_are_too_many_those_of_closed_tabs_go_the_longest_unused_first(
    states: StateManagerMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_tabs, "MOST", 3)
    monkeypatch.setattr(states, "token_expiration", 60)  # nothing goes because its time has come
    assert app.event_namespace
    await _open(OPEN)
    for tab in (CLOSED, "second", "third", BACK):
        await states.get_state(BaseStateToken(ident=tab, cls=State))
    async with states.modify_state(BaseStateToken(ident="third", cls=State)):
        for tab in (BACK, CLOSED):
            await states.get_state(BaseStateToken(ident=tab, cls=State))
        open_tabs.make_room(states, app.event_namespace.token_to_sid)
        assert set(states.states) == {OPEN, "third", CLOSED}


def test_a_tab_that_was_left_to_pay_is_found_again_for_as_long_as_its_order_is_kept() -> None:
    assert get_config().redis_token_expiration * 0.9 > (HOLD + GRACE).total_seconds()
