"""The server actions of the pages of one's own account."""

from dataclasses import dataclass
from typing import Final

import reflex as rx
import segno
from reflex.event import EventSpec

from checkout_app.accounts.own import service as own
from checkout_app.accounts.own.service import SignIn
from checkout_app.accounts.second_factor import service as factors
from checkout_app.auth.callers import Caller
from checkout_app.auth.guard import safe_redirect_path
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.errors import ShopError
from checkout_app.delivery import book
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.models import Address
from checkout_app.ui.visitor import Visitor, open_to

_DONE: Final = {
    "mailed": "A mail is on its way. What it asks for counts once you have followed its link.",
    "password": "You have another password now, and are signed out everywhere else.",
    "kept": "You have an account now, with what you bought. Your e-mail address and your password open it anywhere.",
    "ended": "You are signed out there.",
    "address": "That postal address is kept no longer.",
}
"""What is said of what was just done, by what the address says."""


@dataclass(frozen=True, slots=True)
class SignInView:
    """One sign-in of the account."""

    id: str
    current: bool
    since: str
    seen: str

    @classmethod
    def of(cls, known: SignIn) -> "SignInView":
        """Describe one."""
        return cls(
            known.id, known.current, clock.format_moment(known.created_at), f"Seen {clock.format_date(known.seen_at)}"
        )


@dataclass(frozen=True, slots=True)
class AddressView:
    """One address of the account's book, in one line."""

    id: str
    line: str

    @classmethod
    def of(cls, kept: Address) -> "AddressView":
        """Describe one."""
        address = PostalAddress.of(kept.address)
        return cls(kept.id, ", ".join((*address.lines, address.phone)))


class AccountState(Visitor):
    """What the page of one's own account shows."""

    loaded: bool = False
    of_the_shop: bool = False
    verified: bool = False
    has_password: bool = False
    sign_ins: tuple[SignInView, ...] = ()
    addresses: tuple[AddressView, ...] = ()
    done: str = ""

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def load(self) -> EventSpec | None:
        """Load who one is to the shop; a guest can have an account, and people of the shop show their second factor."""
        self._set(done=_DONE.get(self.router.url.query_parameters.get("done", ""), ""))
        identity = await self._identity()
        if identity is None:
            self._set(loaded=False, sign_ins=(), addresses=())
            return self._turn_away()
        if identity.role is Role.GUEST:
            self._set(loaded=True, sign_ins=(), addresses=())
            return None
        of_the_shop = identity.role in Caller.SHOP.roles
        if of_the_shop and identity.factor_at is None:
            self._set(loaded=False, sign_ins=(), addresses=())
            return self._to_login("/account", "/second-factor")
        known = await own.overview(identity)
        self._set(
            loaded=True,
            of_the_shop=of_the_shop,
            verified=known.verified,
            has_password=known.has_password,
            sign_ins=tuple(map(SignInView.of, known.sign_ins)),
            addresses=tuple(map(AddressView.of, await book.addresses(identity.user_id))),
        )
        return None


class FactorState(Visitor):
    """What the page of the second factor shows."""

    step: str = ""
    """What is to be done: `set_up`, `show`, or `keep` the codes; empty until that is known."""
    qr: str = ""
    secret: str = ""
    codes: tuple[str, ...] = ()
    leads_to: str = "/"

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def load(self) -> EventSpec | None:
        """Find out what is to be done; who is none of the people of the shop has nothing to do here."""
        identity = await self._identity()
        if identity is None:
            self._set(step="", qr="", secret="", codes=())
            return self._turn_away()
        return await self._open(identity)

    async def _open(self, identity: Identity) -> EventSpec | None:
        leads_to = safe_redirect_path(self.router.url.query_parameters.get("next", ""))
        self._set(codes=(), leads_to=leads_to)
        if identity.role not in Caller.SHOP.roles:
            return rx.redirect(leads_to, replace=True)
        known = await factors.standing(identity)
        if known.set_up:
            self._set(step="keep" if known.codes else "show", qr="", secret="", codes=tuple(known.codes))
        elif not self.secret:  # a page that is loaded anew shows what their app has scanned
            await self._begin(identity)
        return None

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def set_up_another(self) -> EventSpec | None:
        """Begin to set another app up, for who has just shown the one they have."""
        identity = await self._identity()
        if identity is None:
            return self._turn_away()
        try:
            await self._begin(identity)
        except ShopError:  # too long ago, or not one of them
            return await self._open(identity)
        return None

    async def _begin(self, identity: Identity) -> None:
        begun = await factors.begin(identity)
        code = segno.make_qr(begun.uri).svg_data_uri(border=2, light="#ffffff", omitsize=True)
        self._set(step="set_up", qr=code, secret=begun.secret, codes=())
