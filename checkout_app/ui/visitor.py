"""The base of every page's state: who looks at the page, for showing; the guard proves it anew on every action."""

from collections.abc import Mapping
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from checkout_app.auth import guard
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Identity


class Visitor(rx.State):
    """What the header shows. Never a proof of identity: that is read from the cookie each time."""

    signed_in: bool = False
    guest: bool = False
    email: str = ""
    name: str = ""

    @rx.event
    async def load(self) -> None:
        """Load who is looking, for pages that show nothing else."""
        await self._identity()

    @rx.var
    def display_name(self) -> str:
        """Return the name in the header: their first name, else the part of their address before the @."""
        return self.name.split(" ")[0] or self.email.partition("@")[0]

    async def _identity(self) -> Identity | None:
        """Identify who is asking by the cookie this connection was opened with; None for a stranger."""
        try:
            identity = await guard.identify(self.router.headers.cookie)
        except InvalidToken:
            self.signed_in, self.guest, self.email, self.name = False, False, "", ""
            return None
        self.signed_in, self.guest = True, identity.role == "guest"
        self.email, self.name = identity.email, identity.name
        return identity

    def _to_login(self, path: str) -> EventSpec:
        """Send a stranger to the sign-in page, and back to `path` afterwards."""
        return rx.redirect(f"/login?next={quote(path, safe='')}", replace=True)


def text_of(form: object, name: str, longest: int = 254) -> str:
    """Read one text field of what a browser sent, whatever it sent instead; longer ones are cut."""
    value = form.get(name, "") if isinstance(form, Mapping) else ""
    return value[:longest] if isinstance(value, str) else ""
