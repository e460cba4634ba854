"""The server actions of checkout that are about where the parcel goes."""

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.cart.owner import cookies_in
from checkout_app.checkout.delivery.views import FIELDS, PlaceView, Typed, place_of_address, place_view, typed_of
from checkout_app.checkout.purchase import Purchase
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import address, book
from checkout_app.delivery.address import NO_SUCH_PIN, Destination, PostalAddress
from checkout_app.delivery.places import place_of
from checkout_app.ui.boundary import or_refusal
from checkout_app.ui.visitor import open_to, text_of

LONGEST_PIN = 9
"""Characters of a PIN as people type it."""


class DeliverySection(Purchase, mixin=True):
    """What the delivery section shows; a part of the checkout's state, which prices what is bought with it.

    The fields are the browser's: what is typed is sent with the order, and only the PIN as soon as it is there.
    """

    needs_address: bool = False
    typed: Typed = Typed()
    place: PlaceView = PlaceView()
    wrong: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """What can't be used, by the names of the fields."""
    _to: Destination | None = None
    """Where it goes as far as its price depends on it; None as long as nobody knows, or nothing is sent there."""

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def look_up_pin(self, pin: str) -> None:
        """Fill in town and State of the PIN that is being typed, and price the way there."""
        place = place_of(address.plain(pin)) if isinstance(pin, str) else None
        self.typed = replace(self.typed, pin=text_of({"pin": pin}, "pin", LONGEST_PIN))
        self.wrong = {} if place else {"pin": NO_SUCH_PIN}
        self.place = place_view(place) if place else PlaceView()
        await self._go_to(self.place.state)

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def choose_state(self, code: str) -> None:
        """Price the way to one of the States that the PIN may be in."""
        if any(choice.code == code for choice in self.place.states):
            self.place = replace(self.place, state=code)
            await self._go_to(code)

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def check_address(self, form: Any) -> EventSpec | None:
        """Lead from a field to the first that is not right, and price the way once all are; it orders nothing.

        What nobody has typed yet is not called wrong.
        """
        if to := self._address_in(form):
            self._to = to.destination
            await self._price_again()
            return None
        field = self._first_wrong()
        self.wrong = {name: said for name, said in self.wrong.items() if text_of(form, name)}
        return rx.set_focus(field)

    async def _go_to(self, state: str) -> None:
        self._to = Destination(self.place.pin, state) if state else None
        await self._price_again()

    async def _begin_with(self, identity: Identity) -> bool:
        """Let the fields begin with what was typed before, or is kept; returns whether it is known where it goes."""
        if identity.role != "guest" and (kept := await book.default(identity.user_id)):
            self._show(kept)
        elif not self.typed.name:
            self.typed = replace(self.typed, name=identity.name)
            self._go_on_with(address.remembered(cookies_in(self.router.headers.cookie)))
        return self._to is not None

    def _go_on_with(self, pin: str) -> None:
        """Let the fields begin with the PIN for which the cart has said what delivery costs, if there is one."""
        if place := place_of(pin) if pin else None:
            self.typed, self.place = replace(self.typed, pin=pin), place_view(place)
            self._to = Destination(pin, self.place.state) if self.place.state else None

    def _show(self, kept: PostalAddress | None) -> None:
        """Let the fields begin with an address that is known."""
        self.needs_address, self.wrong = kept is not None, {}
        if kept is not None:
            self.typed, self.place, self._to = typed_of(kept.as_kept()), place_of_address(kept), kept.destination

    def _address_in(self, form: Any) -> PostalAddress | None:
        """Return the address that was typed; None when it can't be one, which is said at its fields."""
        given = {name: text_of(form, name) for name in FIELDS}
        self.typed, self.wrong = typed_of(given), {}
        try:
            return address.read(given)
        except InvalidInput as unfit:
            self.wrong = unfit.fields
            return None

    def _first_wrong(self) -> str:
        """Return the id of the first field that can't be used."""
        return f"delivery-{next(name for name in FIELDS if name in self.wrong)}"


async def keep_if_wanted(identity: Identity, form: Any, typed: PostalAddress | None) -> None:
    """Keep an address for the next order of an account that has asked for it; a full book stops no purchase."""
    if typed and identity.role != "guest" and text_of(form, "keep"):
        await or_refusal(book.keep(identity.user_id, typed))
