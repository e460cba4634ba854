"""What a page shows is loaded within the event that opens it.

By itself Reflex sends three more events after that one: one that asks what is to be loaded, one that loads it, and one
that says that it is there. Each takes a task, a lock and a message of its own, which together cost more than loading.
"""

from collections.abc import Callable
from typing import Any

from reflex import App, Middleware
from reflex.event import EventSpec
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import chain_updates
from reflex_base.utils.format import format_event_handler
from typing_extensions import override

from checkout_app.server.new_tabs import is_new
from checkout_app.ui.page import load_of

OPENING = frozenset(
    format_event_handler(handler)
    for handler in (State.event_handlers["hydrate_and_load"], OnLoadInternalState.event_handlers["on_load_internal"])
)
"""What a browser sends first on a connection, and when it goes to another page on it."""


class PageLoads(Middleware):
    """Loads what a page shows, and then lets the event that opens it send that; `excuse` is told of what breaks."""

    def __init__(self, excuse: Callable[[Exception], EventSpec]) -> None:
        self._excuse = excuse

    @override
    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Load the page of the address that an event comes from, when it opens the page.

        So does any other event of a tab that nothing is known of any more: Reflex opens its page anew before that. A
        new tab has then got all that it lacks, and nothing is left to be done for its event.
        """
        root: Any = state._get_root_state()  # noqa: SLF001 - has no other name
        if event.name not in OPENING and root.is_hydrated:
            return None
        loaded = await self._loaded(root, load_of(EventContext.get().router_data.get(RouteVar.PATH, "")))
        await chain_updates(loaded, type(self).__name__)  # where it sends its visitor goes first
        if not await is_new(app, root, event):
            return None
        root.is_hydrated = True
        await chain_updates(None, type(self).__name__, root_state=root)
        return StateUpdate()

    async def _loaded(self, root: BaseState, handler: Any) -> Any:
        """Carry out a handler, if there is one; what comes of it, or of what went wrong, is for the browser."""
        if handler is None:
            return None
        try:
            return await handler.fn(await root.get_state(handler.state))
        except Exception as error:  # noqa: BLE001 - a page without what it shows is better than one that never opens
            return self._excuse(error)
