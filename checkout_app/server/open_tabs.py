"""The state of a tab lasts as long as the tab is open, and a while longer.

Reflex lets a state go when nothing was done with it for as long as `rxconfig.py` says, whether its tab is open or not.
So those of open tabs are asked for in between; what is left to go is of tabs that were closed.
"""

import asyncio
from collections.abc import Collection, Iterator
from functools import cache

from prometheus_client import Gauge
from reflex import App
from reflex.istate.manager import StateManager
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State
from reflex_base.config import get_config

from checkout_app.core.metrics import REGISTRY
from checkout_app.core.trouble import Trouble

_OPEN = Gauge("shop_open_tabs", "Tabs whose websocket this process holds open", registry=REGISTRY)
_OFTEN = 10
"""How often a state is asked for in the time after which it would go."""


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
