"""What the script of a page knows of a tab that is new: the state that its pages were built with.

By itself Reflex compares the whole state of a new tab with what the pages were built with, each value as JSON. But what
differs is what was set since the state was made, and a state knows that of itself.
"""

from functools import cache

from reflex import App
from reflex.state import State, state_snapshot_hashes
from reflex_base.constants import CompileVars
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from checkout_app.ui.visitor import Visitor

_FIRST = format_event_handler(State.event_handlers[CompileVars.HYDRATE_AND_LOAD])
"""What a browser sends first on a connection."""


async def is_new(app: App, root: State, event: Event) -> bool:
    """Tell whether all that the browser lacks is what was set in a tab's state since that was made; asked once a tab.

    Not so if it was told something before, was built with another state, or is told the rest by an `on_load`.
    """
    visitor = await root.get_state(Visitor)
    known, visitor._known = visitor._known, True  # noqa: SLF001 - what a state keeps to itself is private to the browser
    return (
        not known
        and event.name == _FIRST
        and event.payload == {CompileVars.PAYLOAD_HASHES: _built_with()}
        and not app.get_load_events(root.router.url.path)
    )


@cache
def _built_with() -> list[str]:
    """Return what a script says of the state it was built with, if it is the one of this program."""
    new = State(_reflex_internal_init=True)  # type: ignore[call-arg]  # which is how Reflex makes one
    return state_snapshot_hashes(new.dict(initial=True))
