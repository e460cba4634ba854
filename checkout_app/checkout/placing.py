"""Placing: what a buyer wants becomes an order that holds its units, once for each attempt."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import structlog

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.checkout import shares
from checkout_app.checkout.quote import Item, Quote, QuoteLine, delivered, quote_for
from checkout_app.checkout.shown import Figures, require_same
from checkout_app.core import clock, database, ids
from checkout_app.core.changes import Lost
from checkout_app.core.errors import InvalidInput, ShopError, Unavailable
from checkout_app.delivery import book
from checkout_app.delivery.address import Destination, PostalAddress
from checkout_app.orders import service as orders
from checkout_app.orders import unpaid
from checkout_app.orders.firms import Firm
from checkout_app.orders.lines import line_of
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import gateway_orders
from checkout_app.pricing.errors import CouponRefused
from checkout_app.pricing.models import KeptQuote
from checkout_app.seller.models import TaxScheme

log = structlog.stdlib.get_logger(__name__)

Placed = tuple[Order, Sequence[OrderLine] | None]
"""An order, and its lines when they were made now."""
_TRIES = 5
"""How often it is begun anew when an order that was to be given up is paid, or its units taken, in that very moment."""

_WHERE_TO: Final = {"address": "Say where the parcel is to go."}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to order: the items, a coupon, the attempt's key, what they were shown, where from and to.

    Nothing was `shown` where no figure is. Without an `address` a parcel goes to the buyer's default one. `firm` is
    whom they buy for, where that is one, `cart_id` the cart that it is all of, and `quote` the one they agree to.
    """

    items: Sequence[Item]
    coupon: str
    key: str | None
    digest: str
    shown: Figures
    ordered_from: str | None
    address: PostalAddress | None = None
    firm: Firm | None = None
    cart_id: str | None = None
    quote: KeptQuote | None = None

    @property
    def to(self) -> Destination | None:
        """What its delivery charge depends on, as far as it is said."""
        if self.address:
            return self.address.destination
        return self.quote.to if self.quote else None


async def place(asking: Claims, wish: Wish) -> Placed:
    """Make the order row with its lines, and hold the stock, or find the order that was made under the key before."""
    try:
        for _ in range(_TRIES):
            with suppress(Lost):
                return await _place_as_shown(asking, wish)
        raise Unavailable
    except InvalidToken:
        raise
    except ShopError:  # what was ordered before may be sold out since, or cost something else
        known = await orders.order_under_key(asking, wish.key) if wish.key else None
        if known is None:
            raise
        await tokens.confirm(asking)  # what no database keeps is refused before it is asked who asks
        return known, None


async def _place_as_shown(asking: Claims, wish: Wish) -> Placed:
    """Place it; a coupon that is not good any more is a price that has changed, to who was shown what it takes off."""
    try:
        return await _place(asking, wish)
    except CouponRefused:
        if "discount" in wish.shown:
            _, without, _ = await _price(asking, replace(wish, coupon=""))
            require_same(wish.shown, without)
        raise


async def _place(asking: Claims, wish: Wish) -> Placed:
    buyer, priced, address = await _price(asking, wish)
    if wish.shown:
        require_same(wish.shown, priced)
    if wish.firm and priced.basis.supply.scheme != TaxScheme.REGULAR:
        raise InvalidInput({"firm": "This shop collects no GST, so it has no use for a GSTIN."})
    shares.require(buyer, priced)
    order = _order(buyer, priced, wish, address if priced.sends else None)
    lines = [_line(order, position, line) for position, line in enumerate(priced.lines, start=1)]
    placed, fresh = await orders.place(order, lines, buyer, priced.instead_of, priced.coupon)
    log.info("order placed", order_id=placed.id, amount=placed.amount, currency=placed.currency, fresh=fresh)
    if fresh and shares.are_counted():
        await _look_again(buyer, placed, priced)
    return placed, lines if fresh else None


async def _price(asking: Claims, wish: Wish) -> tuple[Identity, Quote, PostalAddress | None]:
    """Price what is wanted, for whom it is and where it goes; raises what `quote_for` raises."""
    buyer, priced = await quote_for(
        asking,
        wish.items,
        coupon=wish.coupon,
        to=wish.to,
        ordered_from=wish.ordered_from,
        beside=shares.are_counted(),
    )
    if wish.address or not (priced.needs_address or wish.to):
        return buyer, priced, wish.address
    address = await _default_address(buyer)
    if wish.to not in (None, address.destination):  # they were told what it costs somewhere else
        raise InvalidInput(_WHERE_TO)
    return buyer, delivered(priced, address.destination), address


async def _default_address(buyer: Identity) -> PostalAddress:
    """Return where the buyer's parcels go when they don't say it; raises InvalidInput when nobody knows."""
    known = None if buyer.role is Role.GUEST else await book.default(buyer.user_id)
    if known is None:
        raise InvalidInput(_WHERE_TO)
    return known


async def _look_again(buyer: Identity, order: Order, priced: Quote) -> None:
    """Withdraw an order that is too much beside others that were placed in the same moment."""
    near = await unpaid.near(buyer, order.ordered_from)
    try:
        shares.require(buyer, replace(priced, beside=[other for other in near if other.id != order.id]))
    except ShopError:
        async with database.write() as session:
            await orders.withdraw(session, order.id, "unpaid_orders")
        raise


def _order(buyer: Identity, priced: Quote, wish: Wish, address: PostalAddress | None) -> Order:
    now = clock.now()
    return Order(
        buyer_id=buyer.user_id,
        email=buyer.email,
        name=buyer.name,
        ships_to=address.as_kept() if address else None,
        firm_name=wish.firm.name if wish.firm else None,
        firm_gstin=wish.firm.gstin if wish.firm else None,
        subtotal=priced.derived.subtotal,
        coupon=priced.coupon.code if priced.coupon else None,
        discount=priced.derived.discount,
        delivery=priced.derived.delivery,
        tax=priced.tax,
        amount=priced.amount,
        currency=priced.currency,
        tax_scheme=priced.basis.supply.scheme,
        idempotency_key=wish.key or ids.new_id(),
        request_digest=wish.digest,
        expires_at=now + orders.HOLD,
        updated_at=now,
        due_at=now + orders.CHECKS[0],
        ordered_from=wish.ordered_from,
        cart_id=wish.cart_id,
        quote_id=wish.quote.id if wish.quote else None,
        opening_until=now + gateway_orders.OPENING_LEASE,
    )


def _line(order: Order, position: int, line: QuoteLine) -> OrderLine:
    product, variant = line.offer.product, line.offer.variant
    return line_of(order, position, product, variant, line.quantity, line.figures)
