"""A cart as a change finds it: what may become of it, inside the session that writes it down."""

from collections.abc import Collection
from contextlib import suppress

from checkout_app.cart import found
from checkout_app.cart.errors import LineNotFound
from checkout_app.cart.found import Held, Kept
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY, CartLine
from checkout_app.cart.owner import Owner
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.service import Offer
from checkout_app.core import clock
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session


class Draft:
    """Somebody's cart, about to be changed; one that they don't have yet is made."""

    def __init__(self, session: Session, owner: Owner, kept: Kept | None) -> None:
        self._session = session
        self._is_new = kept is None
        self._cart = kept.cart if kept else owner.new_cart()
        self._held = {held.variant.id: held for held in kept.held} if kept else {}

    def units_of(self, offer: Offer) -> int:
        """Count the units of something that are in it."""
        held = self._held.get(offer.variant.id)
        return held.line.quantity if held else 0

    def want(self, offer: Offer, quantity: int) -> None:
        """Let so many units of something be in it; raises OutOfStock, InvalidInput."""
        variant, before = offer.variant, self.units_of(offer)
        if not 1 <= quantity <= MAX_QUANTITY:
            raise InvalidInput({"quantity": _too_many(before)})
        if variant.available is not None and before < quantity and variant.available < quantity:
            raise OutOfStock(offer.name, variant.available)
        if held := self._held.get(variant.id):
            held.line.quantity, held.line.unit_amount, held.line.merged = quantity, variant.amount, 0
            return
        if len(self._held) == MAX_LINES:
            raise InvalidInput({"items": f"A cart has at most {MAX_LINES} lines."})
        if any(held.variant.currency != variant.currency for held in self._held.values()):
            raise InvalidInput({"items": "Everything in one order must have the same currency."})
        line = CartLine(cart_id=self._cart.id, variant_id=variant.id, quantity=quantity, unit_amount=variant.amount)
        self._held[variant.id] = Held(line, variant, offer.product)
        self._session.add(line)

    def want_at_least(self, offer: Offer, quantity: int) -> None:
        """Let at least so many units of something be in it, or as many as are left; what finds no room stays out."""
        left = offer.variant.available
        can_be_had = min(quantity, MAX_QUANTITY, quantity if left is None else left)
        if can_be_had > self.units_of(offer):
            with suppress(InvalidInput):  # more lines than a cart has, or another currency
                self.want(offer, can_be_had)

    def set_quantity(self, line_id: str, quantity: int) -> None:
        """Let another number of units be in a line; raises LineNotFound, ProductNotFound, OutOfStock, InvalidInput."""
        held = self._line(line_id)
        if not (held.product.on_sale and held.variant.on_sale):
            raise ProductNotFound
        self.want(Offer(held.product, held.variant), quantity)

    def remove(self, line_id: str) -> None:
        """Take a line out; raises LineNotFound."""
        held = self._line(line_id)
        del self._held[held.variant.id]
        found.remove(self._session, held.line)

    def keep_only(self, variant_ids: Collection[str]) -> None:
        """Take everything out that is of none of these."""
        for variant_id, held in list(self._held.items()):
            if variant_id not in variant_ids:
                self.remove(held.line.id)

    def finish(self) -> None:
        """Let it be another version from now on."""
        self._cart.version += 1
        self._cart.updated_at = clock.now()
        if self._is_new:
            self._session.add(self._cart)

    def _line(self, line_id: str) -> Held:
        for held in self._held.values():
            if held.line.id == line_id:
                return held
        raise LineNotFound


def _too_many(there: int) -> str:
    most = f"Choose 1 to {MAX_QUANTITY}."
    return f"{there} of it {'is' if there == 1 else 'are'} in your cart already. {most}" if there else most
