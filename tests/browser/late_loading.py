"""A page whose own events come after everything else."""

from playwright.sync_api import Page, WebSocketRoute


class LateLoading:
    """A page's websocket on which what a page does as it opens waits, as it may on a slow line or under load."""

    def __init__(self, page: Page) -> None:
        self._held: list[str | bytes] = []
        self._holding = False
        page.route_web_socket("**/_event/**", self._connect)

    def hold(self) -> None:
        """Keep the page's events back from now on."""
        self._holding = True

    def release(self) -> None:
        """Send them, late."""
        self._holding = False
        for message in self._held:
            self._server.send(message)

    def _connect(self, page: WebSocketRoute) -> None:
        self._server = page.connect_to_server()
        page.on_message(self._pass_on)

    def _pass_on(self, message: str | bytes) -> None:
        if self._holding and "on_load_internal" in str(message):
            self._held.append(message)
        else:
            self._server.send(message)
