"""A page some of whose events come after everything else."""

from playwright.sync_api import Page, WebSocketRoute


class LateLoading:
    """A page's websocket on which events wait, as they may on a slow line or under load.

    They are those that a page sends as it opens, unless it is said which others.
    """

    def __init__(self, page: Page, events: str = "on_load_internal") -> None:
        self.held: list[str | bytes] = []
        self._events = events
        self._holding = False
        page.route_web_socket("**/_event/**", self._connect)

    def hold(self) -> None:
        """Keep the page's events back from now on."""
        self._holding = True

    def release(self) -> None:
        """Send them, late."""
        self._holding = False
        for message in self.held:
            self._server.send(message)

    def _connect(self, page: WebSocketRoute) -> None:
        self._server = page.connect_to_server()
        page.on_message(self._pass_on)

    def _pass_on(self, message: str | bytes) -> None:
        if self._holding and self._events in str(message):
            self.held.append(message)
        else:
            self._server.send(message)
