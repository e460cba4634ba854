"""Nothing of one person is left in a tab for the next one.

A tab keeps its state while people sign in and out in it, and a page that opens is sent all of it: what it shows, and
what a page before it showed. So a state is somebody's, and is made anew before anybody else is sent anything of it.
"""

from typing import Any

from reflex import App, Middleware
from reflex.state import BaseState
from reflex_base.event import Event
from typing_extensions import override

from checkout_app.auth import guard
from checkout_app.auth.errors import InvalidToken
from checkout_app.server.open_tabs import parts
from checkout_app.server.page_loads import OPENING
from checkout_app.ui.visitor import Visitor


class LastPerson(Middleware):
    """Forgets who was here before, as a page opens; comes before what loads the page."""

    @override
    async def preprocess(self, app: App, state: BaseState, event: Event) -> None:
        """Empty a tab's state that is of somebody else than who opens a page in it now.

        Somebody who goes on as a guest and then signs in is the same person, who may be paying meanwhile.
        """
        root: Any = state._get_root_state()  # noqa: SLF001 - has no other name
        if event.name not in OPENING and root.is_hydrated:
            return
        visitor = await root.get_state(Visitor)
        known_as = _known_as(visitor.router.headers.cookie)
        if visitor._whose and visitor._whose not in known_as:  # noqa: SLF001 - what is private to the browser
            for part in parts():
                await root.get_state(part)  # what is kept in Redis is there only once it was asked for
            root.reset()
        visitor._whose = known_as[0] if known_as else ""  # noqa: SLF001


def _known_as(cookies: str) -> list[str]:
    """Name the user that cookies are of, and the guest they were before; nobody for a stranger's."""
    try:
        return guard.claims_in(cookies).known_as
    except InvalidToken:
        return []
