"""The server actions of signing in: as a guest, with a password, with a new account."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from checkout_app.accounts import service
from checkout_app.auth.models import User
from checkout_app.core import limits
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.ui.boundary import or_refusal
from checkout_app.ui.visitor import Visitor, text_of

LONGEST_PATH = 300


class LoginState(Visitor):
    """What the sign-in page shows. `ticket` is good once, for a minute, in exchange for the session's cookie."""

    next: str = "/"
    ticket: str = ""
    working: str = ""
    """Which of the three forms is being checked: guest, login or register; else empty."""
    notice: str = ""
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """One sentence a field, keyed by form and field, such as `guest-email`."""

    @rx.event
    async def load(self) -> EventSpec | None:
        """Redirect who is signed in with an account already.

        It clears nothing: on a slow line it runs after the form of somebody quick.
        """
        if await self._identity() is not None and not self.guest:
            return rx.redirect(self._next_path(), replace=True)
        return None

    @rx.event
    def forget(self) -> None:
        """Clear what the last visit left.

        The page sends this itself as it appears, so it comes before any form of this visit.
        """
        self.ticket, self.working, self.notice, self.errors = "", "", "", {}

    @rx.event
    async def continue_as_guest(self, form: dict[str, Any]) -> AsyncIterator[None]:
        """Sign in with an e-mail address alone."""
        email, name = text_of(form, "email"), text_of(form, "name")
        async for step in self._authenticate("guest", lambda: service.guest(email, name)):
            yield step

    @rx.event
    async def sign_in(self, form: dict[str, Any]) -> AsyncIterator[None]:
        """Sign in to an account."""
        email, password = text_of(form, "email"), text_of(form, "password")
        async for step in self._authenticate("login", lambda: service.login(email, password)):
            yield step

    @rx.event
    async def sign_up(self, form: dict[str, Any]) -> AsyncIterator[None]:
        """Create an account and sign in to it."""
        email, password, name = (text_of(form, field) for field in ("email", "password", "name"))
        async for step in self._authenticate("register", lambda: service.register(email, password, name)):
            yield step

    @rx.event
    def exchange_failed(self) -> None:
        """Show that the ticket was not exchanged, most likely because the connection was gone for a minute."""
        self.ticket, self.working = "", ""
        self.notice = "That took too long. Try once more."

    def _next_path(self) -> str:
        return safe_redirect_path(self.router.url.query_parameters.get("next", ""))

    async def _authenticate(self, form: str, authenticate: Callable[[], Awaitable[User]]) -> AsyncIterator[None]:
        """Authenticate somebody, showing meanwhile which form is being checked and afterwards what is wrong with it."""
        self.working, self.notice, self.errors = form, "", {}
        self.next = self._next_path()
        yield
        issued = await or_refusal(self._issue_ticket(authenticate))
        if isinstance(issued, ShopError):
            self._refuse(form, issued)
        else:
            self.ticket = issued

    async def _issue_ticket(self, authenticate: Callable[[], Awaitable[User]]) -> str:
        await limits.hit("enter", self.router.session.client_ip)
        return await service.issue_ticket(await authenticate())

    def _refuse(self, form: str, error: ShopError) -> None:
        self.working = ""
        if isinstance(error, InvalidInput):
            self.errors = {f"{form}-{field}": sentence for field, sentence in error.fields.items()}
        else:
            self.notice = error.detail


def safe_redirect_path(path: str) -> str:
    """Return a path of this shop as it is, and anything else as `/`: nobody is sent elsewhere after signing in."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own and len(path) <= LONGEST_PATH else "/"
