"""What a purchase would cost now, line by line, with the tax that is inside."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel import bindparam, col, or_

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.catalog import service as catalog
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.orders import coupons, unpaid
from checkout_app.orders.unpaid import Unpaid
from checkout_app.payments.gateway import amounts
from checkout_app.pricing.coupons import Reduction, is_used_up, normal, reduce, too_little_left, used_up
from checkout_app.pricing.derivation import NOT_SENT, NOTHING_OFF, Derivation, Line, Parcel, Priced, Supply, derive
from checkout_app.pricing.models import Coupon
from checkout_app.seller import registration
from checkout_app.seller.models import TaxScheme

LASTS = timedelta(minutes=15)
"""How long a quote is worth showing."""

Found = tuple[Product, Variant, str, str, bool, Coupon | None]
"""Something on sale, what a sale is taxed by (the seller's scheme, their State, handicrafts or not), and the coupon."""

_NAMED: Any = (
    catalog.ON_SALE.add_columns(*registration.SUPPLY, Coupon)
    .outerjoin(Coupon, col(Coupon.code) == bindparam("coupon"))
    .where(
        or_(
            col(Product.id).in_(bindparam("names", expanding=True)),
            col(Product.slug).in_(bindparam("names", expanding=True)),
        )
    )
)
_WANTED_BY_ANYBODY = Statement[Found](_NAMED)
_WANTED = Statement[tuple[*Found, User, bool]](
    _NAMED.add_columns(User, unpaid.ANY_NEAR).join(User, col(User.id) == bindparam("user")).where(tokens.SIGNED_IN)
)
"""What is wanted with how it is taxed, all of one moment, who wants it and whether unpaid orders are near.

It finds nothing for somebody who is not signed in.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """So many units of one product, named by its id or slug."""

    product_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many units of one offer, and what they come to."""

    offer: Offer
    quantity: int
    figures: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost now, and how the seller stands to tax."""

    lines: Sequence[QuoteLine]
    derived: Derivation
    currency: str
    tax_scheme: TaxScheme
    coupon: Coupon | None = None
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


async def quote_for(
    claims: Claims,
    items: Sequence[Item],
    *,
    coupon: str = "",
    parcel: Parcel = NOT_SENT,
    ordered_from: str | None = None,
    beside: bool = False,
) -> tuple[Identity, Quote]:
    """Price a purchase and prove who wants it, by one question; the same product twice becomes one line.

    What the buyer's own unpaid orders hold is there for them; those `beside` it are read when that is asked for. Raises
    InvalidToken, InvalidInput, ProductNotFound, OutOfStock, CouponRefused, NotDeliverable.
    """
    names, code = wanted(items), normal(coupon)
    async with database.ask() as session:
        asked = {"names": list(names), "coupon": code, "buyers": claims.known_as, "ordered_from": ordered_from}
        found = (await session.exec(_WANTED, **asked, **claims.asking())).all()
    buyer = Identity.of(claims, found[0][6]) if found else await tokens.confirm(claims)
    priced = _priced([row[:6] for row in found], names, code, parcel)
    spent = priced.coupon is not None and await coupons.is_spent(priced.coupon, buyer.email)
    any_near = found[0][7] and (beside or spent or _lacking(priced))
    near = await unpaid.near(buyer, ordered_from) if any_near else []
    instead_of = _to_give_up(priced, [order for order in near if order.buyer_id in claims.known_as], spent=spent)
    return buyer, replace(priced, instead_of=instead_of, beside=[each for each in near if each.id not in instead_of])


async def quote_for_anybody(items: Sequence[Item], *, coupon: str = "", parcel: Parcel = NOT_SENT) -> Quote:
    """Price a purchase for whoever asks, by what is there for everybody; raises what `quote_for` raises."""
    names, code = wanted(items), normal(coupon)
    async with database.ask() as session:
        found = (await session.exec(_WANTED_BY_ANYBODY, names=list(names), coupon=code)).all()
    priced = _priced(found, names, code, parcel)
    _to_give_up(priced, [], spent=priced.coupon is not None and is_used_up(priced.coupon))
    return priced


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
            raise OutOfStock(line.offer.product.name, line.quantity - units)
    if spent and priced.coupon:
        raise used_up(priced.coupon)
    return given_up


def _priced(found: Sequence[Found], names: Mapping[str, int], code: str, parcel: Parcel) -> Quote:
    """Work out what is wanted comes to; raises what `quote_for` raises but for what others have taken."""
    wanted = _offers([Offer(*row[:2]) for row in found], names)
    currencies = {offer.variant.currency for offer, _ in wanted}
    if len(currencies) > 1:
        raise InvalidInput({"items": "Everything in one order must have the same currency."})
    scheme, state, handicraft, coupon = found[0][2:]
    supply, currency, lines = Supply(TaxScheme(scheme), state, handicraft), currencies.pop(), _lines(wanted)
    off = Reduction(NOTHING_OFF, parcel)
    if code:
        off = reduce(coupon, sum(line.amount for line in lines), currency, parcel)
    derived = derive(lines, supply, *off)
    if why_not := amounts.why_not(derived.total, currency):
        raise too_little_left() if derived.discount else InvalidInput({"items": why_not})
    quoted = [QuoteLine(*each, figures) for each, figures in zip(wanted, derived.lines, strict=True)]
    return Quote(quoted, derived, currency, supply.scheme, coupon)


def _lines(wanted: Iterable[tuple[Offer, int]]) -> list[Priced]:
    return [
        Priced(offer.variant.amount * quantity, offer.variant.tax_rate, goods=not offer.product.digital)
        for offer, quantity in wanted
    ]


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
        sums[item.product_id] = sums.get(item.product_id, 0) + item.quantity
    return sums


def _offers(found: Iterable[Offer], names: Mapping[str, int]) -> list[tuple[Offer, int]]:
    """Sort out what is wanted, and how many of each variant; raises ProductNotFound."""
    named: dict[str, Offer] = {}
    for offer in found:
        named |= {name: offer for name in (offer.product.id, offer.product.slug) if name in names}
    offers: dict[str, Offer] = {}
    quantities: dict[str, int] = {}
    for name, quantity in names.items():
        if (offer_of_it := named.get(name)) is None:
            raise ProductNotFound
        variant_id = offer_of_it.variant.id
        offers[variant_id] = offer_of_it
        quantities[variant_id] = quantities.get(variant_id, 0) + quantity
    if max(quantities.values()) > MAX_QUANTITY:  # of one product, by whatever names it was asked for
        raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
    return [(offer, quantities[variant_id]) for variant_id, offer in offers.items()]
