"""The state of a tab lasts as long as the tab is open, and a while longer.

Reflex lets a state go when nothing was done with it for as long as `rxconfig.py` says, whether its tab is open or not.
So those of open tabs are asked for in between; what is left to go is of tabs that were closed.

A program can open and close tabs by the thousand. So a process keeps only so many states, and those of closed tabs go
before their time, the longest unused first: whoever comes back to one finds its page opened anew.
"""

import asyncio
from collections.abc import Collection, Container, Iterator
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Final

from prometheus_client import Gauge
from reflex import App
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State
from reflex_base.config import get_config

from checkout_app.core.metrics import REGISTRY
from checkout_app.core.trouble import Trouble

_OPEN = Gauge("shop_open_tabs", "Tabs whose websocket this process holds open", registry=REGISTRY)
_OFTEN = 10
"""How often a state is asked for in the time after which it would go."""
MOST: Final = 2_000
"""States that a process keeps: each takes some 13 KB or, of a page that shows much, several times that.

Of 5,000 the garbage collector took half a second to look through, time and again, in which nobody was answered.
"""
_LOOK: Final = 1.0
"""Seconds between two looks whether there are more."""


async def keep_open_tabs(app: App) -> None:
    """Keep the states of all tabs that are open, for as long as the server runs."""
    lasts = get_config().redis_token_expiration
    trouble = Trouble()
    _OPEN.set_function(lambda: len(app.event_namespace.token_to_sid) if app.event_namespace else 0)
    while tabs := app.event_namespace:
        await asyncio.sleep(lasts / _OFTEN)
        try:
            await _keep(app.state_manager, tabs.token_to_sid, lasts)
            trouble.over()
        except Exception as error:  # noqa: BLE001 - Redis may be away for a while, and there the next time
            trouble.met(error)


async def keep_few_states(app: App) -> None:
    """Let states of closed tabs go while there are too many, for as long as the server runs; Redis keeps its own."""
    while isinstance(app.state_manager, StateManagerMemory):
        make_room(app.state_manager, app.event_namespace.token_to_sid if app.event_namespace else ())
        await asyncio.sleep(_LOOK)


def make_room(manager: StateManagerMemory, tabs: Container[str]) -> None:
    """Let as many states go as there are too many, but for those of tabs that are open and those in use."""
    surplus = len(manager.states) - MOST
    if surplus <= 0:
        return
    known, locks = manager._token_expires_at, manager._states_locks  # noqa: SLF001 - where Reflex keeps what it lets go by
    in_use = {key for key, lock in locks.items() if lock.locked()}
    in_turn = (token for _, token in sorted(known.values(), key=itemgetter(0)))
    idle = (token for token in in_turn if token.ident not in tabs and token.lock_key not in in_use)
    for token in islice(idle, surplus):
        manager._purge_token(token)  # noqa: SLF001 - as Reflex does when their time has come


async def _keep(manager: StateManager, tabs: Collection[str], lasts: int) -> None:
    """Let the states of some tabs last so many seconds from now on."""
    if isinstance(manager, StateManagerRedis):  # which keeps each part of a state by itself, and forgets it by itself
        asked = manager.redis.pipeline(transaction=False)
        for tab in tabs:
            for part in parts():
                asked.expire(str(BaseStateToken(ident=tab, cls=part)), lasts)
        await asked.execute()
        return
    for tab in tabs:
        await manager.get_state(BaseStateToken(ident=tab, cls=State))


@cache
def parts() -> tuple[type[BaseState], ...]:
    """Return all that the state of a tab consists of."""
    return tuple(_with_parts(State))


def _with_parts(state: type[BaseState]) -> Iterator[type[BaseState]]:
    yield state
    for part in state.get_substates():
        yield from _with_parts(part)
