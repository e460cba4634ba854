"""What the sign-in pages know of who looks at them."""

import reflex as rx
from reflex.event import EventSpec

from checkout_app.auth.callers import Caller
from checkout_app.auth.guard import safe_redirect_path
from checkout_app.ui.visitor import Visitor, open_to


class LoginState(Visitor):
    """Who is signed in already has nothing to do here."""

    @rx.event
    @open_to(Caller.ANYBODY)
    async def load(self) -> EventSpec | None:
        """Redirect who is signed in with an account already."""
        if await self._identity() is None or self.guest:
            return None
        return rx.redirect(safe_redirect_path(self.router.url.query_parameters.get("next", "")), replace=True)
