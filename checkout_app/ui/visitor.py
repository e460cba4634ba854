"""The base of every page's state: who looks at the page, for showing; the guard proves it anew on every action."""

from collections.abc import Mapping
from typing import Any
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
    _shown_by: str = ""
    """The cookies by which what is shown was found out; empty for a stranger."""
    _whose: str = ""
    """Whose all of this tab's state is: the user who opened a page in it last; empty for a stranger's."""
    _known: bool = False
    """Whether the browser was told anything yet; until then it shows what its pages were built with."""

    @rx.event
    async def load(self) -> None:
        """Load who is looking, for pages that show nothing else."""
        await self._show_visitor()

    @rx.var
    def display_name(self) -> str:
        """Return the name in the header: their first name, else the part of their address before the @."""
        return self.name.split(" ")[0] or self.email.partition("@")[0]

    async def _identity(self) -> Identity | None:
        """Identify who is asking by the cookie this connection was opened with; None for a stranger."""
        cookies = self.router.headers.cookie
        try:
            identity = await guard.identify(cookies)
        except InvalidToken:
            self._shown_by = ""
            self._set(signed_in=False, guest=False, email="", name="")
            return None
        self._shown_by = cookies
        self._set(signed_in=True, guest=identity.role == "guest", email=identity.email, name=identity.name)
        return identity

    async def _show_visitor(self) -> None:
        """Show who is looking, for pages that do no more than that with it.

        The database is asked once for the cookies of a tab, not for every page that is looked at with them.
        """
        if not self._shown_by or self._shown_by != self.router.headers.cookie:
            await self._identity()

    def _set(self, **values: Any) -> None:
        """Set what the page shows, where it is not what it shows already: only that is sent."""
        for name, value in values.items():
            if self.get_value(name) != value:
                setattr(self, name, value)

    def _to_login(self, path: str, page: str = "/login") -> EventSpec:
        """Send a stranger to the sign-in page, or another one that lets people in, and back to `path` afterwards."""
        return rx.redirect(f"{page}?next={quote(path, safe='')}", replace=True)


def text_of(form: object, name: str, longest: int = 254) -> str:
    """Read one text field of what a browser sent, whatever it sent instead; longer ones are cut."""
    value = form.get(name, "") if isinstance(form, Mapping) else ""
    return value[:longest] if isinstance(value, str) else ""
