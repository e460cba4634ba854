"""A browser tab as Reflex's event processor sees it: events go in with a path and cookies, effects come out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import uuid4

import reflex as rx
from reflex.compiler.utils import _compile_initial_state
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import OnLoadInternalState, state_snapshot_hashes
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler, json_dumps

from checkout_app.checkout_app import app

S = TypeVar("S", bound=rx.State)
_FIRST = format_event_handler(rx.State.event_handlers["hydrate_and_load"])


def built_with() -> dict[str, dict[str, Any]]:
    """Return the state that pages are built with, as the compiler takes it."""
    snapshot: dict[str, dict[str, Any]] = _compile_initial_state(rx.State)[0]
    return snapshot


class Tab:
    """One tab. `path` is what its address bar says, `cookie` what its browser sends, `went_to` where it was sent.

    `received` is each message that came, as it is on the wire, and `alerts` what it was told of errors.
    """

    def __init__(self, processor: BaseStateEventProcessor, manager: StateManagerMemory) -> None:
        self.path = "/"
        self.cookie = ""
        self.went_to: list[str] = []
        self.received: list[str] = []
        self.alerts: list[str] = []
        self._token = str(uuid4())
        self._processor = processor
        self._manager = manager

    async def send(self, *handlers: Any) -> None:
        """Send events as the browser would, all at once, and wait until everything they set off has ended."""
        chains = []
        for handler in handlers:
            for event in Event.from_event_type(handler):
                event.router_data.update(self._router_data())
                chains.append(await self._processor.enqueue(self._token, event))
        for chain in chains:
            await chain.wait_all()

    async def open(self, path: str) -> None:
        """Open a page as the browser does that has just come to it; it says which state the page was built with."""
        self.path = path
        await self.send(Event(name=_FIRST, payload={"hashes": state_snapshot_hashes(built_with())}))

    async def connect_again(self) -> None:
        """Come back as the browser does that has lost its connection: it asks for all there is."""
        await self.send(rx.State.hydrate_and_load)

    async def go(self, path: str) -> None:
        """Go to a page within the tab, as a link does."""
        self.path = path
        await self.send(OnLoadInternalState.on_load_internal)

    async def state(self, cls: type[S]) -> S:
        """Return the tab's state of a class, to look at."""
        root = await self._manager.get_state(BaseStateToken(ident=self._token, cls=rx.State))
        state: S = await root.get_state(cls)
        return state

    async def emit_update(self, update: Any, token: str) -> None:  # noqa: ARG002 - there is but one tab
        """Receive what the server sends: the processor's view of a websocket."""
        self.received.append(json_dumps(update))
        self.went_to += [event.payload["path"] for event in update.events or [] if event.name == "_redirect"]
        self.alerts += [str(event.payload) for event in update.events or [] if event.name == "_call_function"]

    def _router_data(self) -> dict[str, Any]:
        headers = {"cookie": self.cookie, "origin": "http://localhost:3000"}
        return {
            "pathname": f"/{app.router(self.path.partition('?')[0]) or '404'}",
            "asPath": self.path,
            "query": {},
            "token": self._token,
            "sid": "socket",
            "ip": "127.0.0.1",
            "headers": headers,
        }


@asynccontextmanager
async def open_tab(*, whole: bool = False) -> AsyncIterator[Tab]:
    """Open a tab with a state of its own; `whole` with what surrounds an event, which loads the page it opens."""
    processor = BaseStateEventProcessor(middleware=app if whole else None)
    manager = StateManagerMemory()  # type: ignore[abstract]  # mypy counts a deprecated second definition
    tab = Tab(processor, manager)
    processor.configure(state_manager=manager, event_namespace=tab)
    await processor.start()
    try:
        yield tab
    finally:
        await processor.stop()
