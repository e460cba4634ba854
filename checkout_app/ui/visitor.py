"""The base of every page's state: who looks at the page, for showing; the guard proves it anew on every action."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec
from reflex.istate.proxy import StateProxy

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Identity

Handler = TypeVar("Handler", bound=Callable[..., Any])
DECLARED: Final = "for_whom"
"""Where a handler says for whom it is there."""


def open_to(caller: Caller) -> Callable[[Handler], Handler]:
    """Declare for whom a handler is there, and turn anybody else away before it does anything.

    That asks the database nothing, so the handler still proves who asks before it shows or does what is theirs. A page
    for some roles only will have to be asked about; until there is one, none can be declared.
    """
    if caller not in {Caller.ANYBODY, Caller.SIGNED_IN, Caller.LINK_HOLDER}:
        raise ValueError(f"No handler can be for {caller} yet.")

    def declare(handler: Handler) -> Handler:
        guarded = handler if caller is Caller.ANYBODY else _guarded(handler, caller)
        setattr(guarded, DECLARED, caller)
        return guarded

    return declare


def _guarded(handler: Handler, caller: Caller) -> Handler:
    @wraps(handler)
    async def guarded(self: "Visitor", *given: Any, **named: Any) -> Any:
        if self._is_let_in(caller):
            return await cast("Awaitable[Any]", handler(self, *given, **named))
        async with self if isinstance(self, StateProxy) else nullcontext():  # one that works beside others
            self._forget()
            return self._turn_away()

    return cast("Handler", guarded)


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
    @open_to(Caller.ANYBODY)
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
            self._forget()
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

    def _forget(self) -> None:
        """Show a stranger."""
        self._shown_by = ""
        self._set(signed_in=False, guest=False, email="", name="")

    def _is_let_in(self, caller: Caller) -> bool:
        """Tell whether who asks is among those for whom something is there, by what they bring."""
        if caller is Caller.LINK_HOLDER and self._key():
            return True
        try:
            guard.claims_in(self.router.headers.cookie)
        except InvalidToken:
            return False
        return True

    def _key(self) -> str:
        """Return the key of the signed link that led here, if one did."""
        return self.router.url.query_parameters.get("key", "")[:64]

    def _turn_away(self) -> EventSpec:
        """Send a stranger to sign in, and back to this page afterwards."""
        return self._to_login(self.router.url.path)

    def _to_login(self, path: str, page: str = "/login") -> EventSpec:
        """Send a stranger to the sign-in page, or another one that lets people in, and back to `path` afterwards."""
        return rx.redirect(f"{page}?next={quote(path, safe='')}", replace=True)


def text_of(form: object, name: str, longest: int = 254) -> str:
    """Read one text field of what a browser sent, whatever it sent instead; longer ones are cut."""
    value = form.get(name, "") if isinstance(form, Mapping) else ""
    return value[:longest] if isinstance(value, str) else ""
