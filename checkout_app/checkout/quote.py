"""What a purchase would cost now, line by line, with the tax that is inside."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import bindparam, col

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.catalog import service as catalog
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.delivery import rules
from checkout_app.delivery.address import Destination
from checkout_app.delivery.rules import Delivery, Zone, delivery_of
from checkout_app.delivery.zones import ZONES, zones_in
from checkout_app.orders import coupons, unpaid
from checkout_app.orders.unpaid import Unpaid
from checkout_app.payments.gateway import amounts
from checkout_app.pricing.coupons import Reduction, is_used_up, normal, reduce, too_little_left, used_up
from checkout_app.pricing.derivation import NOT_SENT, NOTHING_OFF, Derivation, Line, Priced, Sending, Supply, derive
from checkout_app.pricing.models import Coupon
from checkout_app.seller import registration
from checkout_app.seller.models import TaxScheme

Found = tuple[Product, Variant, str, str, bool, str, Coupon | None]
"""Something on sale, and what a sale depends on: the seller's scheme, State and handicrafts, the zones, the coupon."""

_NAMED: Any = catalog.WANTED.add_columns(*registration.SUPPLY, ZONES, Coupon).outerjoin(
    Coupon, col(Coupon.code) == bindparam("coupon")
)
_WANTED_BY_ANYBODY = Statement[Found](_NAMED)
_WANTED = Statement[tuple[*Found, User, bool]](
    _NAMED.add_columns(User, unpaid.ANY_NEAR).join(User, col(User.id) == bindparam("user")).where(tokens.SIGNED_IN)
)
"""What is wanted with all that its price depends on, of one moment, who wants it and whether unpaid orders are near.

It finds nothing for somebody who is not signed in.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """So many units of one thing: a product, by its id or slug, or one of its variants, by its id."""

    name: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a price depends on, of one moment, but for where a parcel goes."""

    wanted: Sequence[tuple[Offer, int]]
    """Offers, each once, and how many units of it."""
    currency: str
    supply: Supply
    zones: Sequence[Zone]
    code: str
    """Of the coupon that somebody has, and empty for none."""
    coupon: Coupon | None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many units of one offer, and what they come to."""

    offer: Offer
    quantity: int
    figures: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost now."""

    basis: Basis
    lines: Sequence[QuoteLine]
    derived: Derivation
    delivery: Delivery | None = None
    """What it costs to send it where it is to go; None as long as nobody has said where to, and of files."""
    instead_of: Sequence[str] = ()
    """Unpaid orders of the buyer's own that have to be given up for it, because they hold what is lacking."""
    beside: Sequence[Unpaid] = ()
    """Those that stay, of the buyer or from the same address, as far as they were asked for."""

    @property
    def amount(self) -> int:
        """The total, in minor units."""
        return self.derived.total

    @property
    def tax(self) -> int:
        """The tax inside the total."""
        return self.derived.tax

    @property
    def currency(self) -> str:
        """What all amounts are in."""
        return self.basis.currency

    @property
    def coupon(self) -> Coupon | None:
        """What makes it cheaper."""
        return self.basis.coupon

    @property
    def sends(self) -> bool:
        """Whether there is a parcel in it."""
        return any(_is_sent(offer) for offer, _ in self.basis.wanted)

    @property
    def needs_address(self) -> bool:
        """Whether it has to be known where it goes: a parcel of a shop that has said where it sends."""
        return self.sends and bool(self.basis.zones)


async def quote_for(
    claims: Claims,
    items: Sequence[Item],
    *,
    coupon: str = "",
    to: Destination | None = None,
    ordered_from: str | None = None,
    beside: bool = False,
) -> tuple[Identity, Quote]:
    """Price a purchase and prove who wants it, by one question; the same twice becomes one line.

    What is sent is priced with its delivery once it is said where it goes `to`. What the buyer's own unpaid orders hold
    is there for them; those `beside` it are read when that is asked for. Raises InvalidToken, InvalidInput,
    ProductNotFound, OutOfStock, CouponRefused, NotDeliverable.
    """
    names, code = wanted(items), normal(coupon)
    async with database.ask() as session:
        asked = {"names": list(names), "coupon": code, "buyers": claims.known_as, "ordered_from": ordered_from}
        found = (await session.exec(_WANTED, **asked, **claims.asking())).all()
    buyer = Identity.of(claims, found[0][7]) if found else await tokens.confirm(claims)
    priced = _price(_basis([row[:7] for row in found], names, code), to)
    spent = priced.coupon is not None and await coupons.is_spent(priced.coupon, buyer.email)
    any_near = found[0][8] and (beside or spent or _lacking(priced))
    near = await unpaid.near(buyer, ordered_from) if any_near else []
    instead_of = _to_give_up(priced, [order for order in near if order.buyer_id in claims.known_as], spent=spent)
    _require_payable(priced)
    return buyer, replace(priced, instead_of=instead_of, beside=[each for each in near if each.id not in instead_of])


async def quote_for_anybody(items: Sequence[Item], *, coupon: str = "", to: Destination | None = None) -> Quote:
    """Price a purchase for whoever asks, by what is there for everybody; raises what `quote_for` raises."""
    names, code = wanted(items), normal(coupon)
    async with database.ask() as session:
        found = (await session.exec(_WANTED_BY_ANYBODY, names=list(names), coupon=code)).all()
    priced = _price(_basis(found, names, code), to)
    _to_give_up(priced, [], spent=priced.coupon is not None and is_used_up(priced.coupon))
    _require_payable(priced)
    return priced


def delivered(priced: Quote, to: Destination) -> Quote:
    """Price the same with its way there; raises InvalidInput, CouponRefused, NotDeliverable."""
    anew = replace(_price(priced.basis, to), instead_of=priced.instead_of, beside=priced.beside)
    _require_payable(anew)
    return anew


def _require_payable(priced: Quote) -> None:
    if why_not := amounts.why_not(priced.amount, priced.currency):
        raise too_little_left() if priced.derived.discount else InvalidInput({"items": why_not})


def _lacking(priced: Quote) -> dict[str, int]:
    """Return how many units are wanted of a variant that are not on the shelf."""
    lacking: dict[str, int] = {}
    for line in priced.lines:
        left = line.offer.variant.available
        if left is not None and left < line.quantity:
            lacking[line.offer.variant.id] = line.quantity - left
    return lacking


def _to_give_up(priced: Quote, own: Iterable[Unpaid], *, spent: bool) -> list[str]:
    """Choose of a buyer's own orders those that hold what is lacking, units or a coupon that is spent.

    Raises OutOfStock or CouponRefused when that is not enough.
    """
    lacking, given_up = _lacking(priced), list[str]()
    for order in own:
        has_the_coupon = spent and priced.coupon is not None and order.coupon == priced.coupon.code
        if has_the_coupon or any(lacking.get(variant_id, 0) > 0 for variant_id in order.units):
            given_up.append(order.id)
            lacking = {variant_id: units - order.units.get(variant_id, 0) for variant_id, units in lacking.items()}
            spent = spent and not has_the_coupon
    for line in priced.lines:
        if (units := lacking.get(line.offer.variant.id, 0)) > 0:
            raise OutOfStock(line.offer.name, line.quantity - units)
    if spent and priced.coupon:
        raise used_up(priced.coupon)
    return given_up


def _basis(found: Sequence[Found], names: Mapping[str, int], code: str) -> Basis:
    """Sort out what was asked for; raises ProductNotFound, InvalidInput."""
    wanted = _offers([Offer(*row[:2]) for row in found], names)
    currencies = {offer.variant.currency for offer, _ in wanted}
    if len(currencies) > 1:
        raise InvalidInput({"items": "Everything in one order must have the same currency."})
    scheme, state, handicraft, zones, coupon = found[0][2:]
    currency, supply = currencies.pop(), Supply(TaxScheme(scheme), state, handicraft)
    return Basis(wanted, currency, supply, zones_in(zones) if currency == rules.CURRENCY else (), code, coupon)


def _price(basis: Basis, to: Destination | None) -> Quote:
    """Work out what is wanted comes to; raises what `quote_for` raises but for what others have taken."""
    now = clock.now()
    lines = [_before_all(*each, now) for each in basis.wanted]
    delivery = _delivery(basis, to) if to else None
    sending = Sending(delivery.charge, to.state) if to and delivery else NOT_SENT
    off = Reduction(NOTHING_OFF, sending)
    if basis.code:
        off = reduce(basis.coupon, sum(line.amount for line in lines), basis.currency, sending)
    derived = derive(lines, basis.supply, *off)
    quoted = [QuoteLine(*each, figures) for each, figures in zip(basis.wanted, derived.lines, strict=True)]
    return Quote(basis, quoted, derived, delivery)


def _delivery(basis: Basis, to: Destination) -> Delivery | None:
    """Say what it costs to send what is sent of it; raises NotDeliverable."""
    sent = [(offer.variant, quantity) for offer, quantity in basis.wanted if _is_sent(offer)]
    weight = sum((variant.weight or 0) * quantity for variant, quantity in sent)
    value = sum(variant.amount * quantity for variant, quantity in sent)
    return delivery_of(basis.zones, to, rules.Parcel(weight, value)) if sent else None


def _before_all(offer: Offer, quantity: int, now: datetime) -> Priced:
    return Priced(offer.variant.amount * quantity, offer.variant.rate_at(now), goods=_is_sent(offer))


def _is_sent(offer: Offer) -> bool:
    return not offer.product.digital


def digest_of(items: Sequence[Item], coupon: str = "") -> str:
    """Return what tells one wish from another; raises InvalidInput when it is none."""
    wish = [*sorted(wanted(items).items()), *([normal(coupon)] if coupon else [])]
    return hashlib.sha256(json.dumps(wish).encode()).hexdigest()


def wanted(items: Sequence[Item]) -> dict[str, int]:
    """Add up what is wanted; raises InvalidInput when it is nothing, too much or no number."""
    if not 1 <= len(items) <= MAX_LINES:
        raise InvalidInput({"items": f"An order has 1 to {MAX_LINES} lines."})
    sums: dict[str, int] = {}
    for item in items:
        if not 1 <= item.quantity <= MAX_QUANTITY:
            raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
        sums[item.name] = sums.get(item.name, 0) + item.quantity
    return sums


def _offers(found: Iterable[Offer], names: Mapping[str, int]) -> list[tuple[Offer, int]]:
    """Sort out what is wanted, and how many of each variant; raises ProductNotFound."""
    named: dict[str, Offer] = {}
    for offer in found:
        named |= dict.fromkeys(offer.names, offer)
    offers: dict[str, Offer] = {}
    quantities: dict[str, int] = {}
    for name, quantity in names.items():
        if (offer_of_it := named.get(name)) is None:
            raise ProductNotFound
        variant_id = offer_of_it.variant.id
        offers[variant_id] = offer_of_it
        quantities[variant_id] = quantities.get(variant_id, 0) + quantity
    if max(quantities.values()) > MAX_QUANTITY:  # of one variant, by whatever names it was asked for
        raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
    return [(offer, quantities[variant_id]) for variant_id, offer in offers.items()]
