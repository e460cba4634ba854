"""What a purchase would cost now, line by line, with the tax that is inside."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import bindparam, col, or_

from checkout_app.auth import tokens
from checkout_app.auth.models import User
from checkout_app.auth.tokens import Claims, Identity
from checkout_app.catalog import service as catalog
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import IncludedTax, included_tax
from checkout_app.core.statements import Statement
from checkout_app.orders import unpaid
from checkout_app.orders.unpaid import Unpaid
from checkout_app.payments.gateway import amounts
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme

MAX_QUANTITY = 10
"""Units of one product in one order, on the pages as over HTTP."""
MAX_LINES = 20

Found = tuple[Product, Variant, str]
"""Something on sale, and how a sale is taxed now."""

_WANTED = Statement[tuple[Product, Variant, str, User, bool]](
    catalog.ON_SALE.add_columns(seller.TAX_SCHEME, User, unpaid.ANY_NEAR)
    .join(User, col(User.id) == bindparam("user"))
    .where(
        or_(
            col(Product.id).in_(bindparam("names", expanding=True)),
            col(Product.slug).in_(bindparam("names", expanding=True)),
        ),
        tokens.SIGNED_IN,
    )
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
    """So many units of one offer; amounts in minor units, the rate in basis points."""

    offer: Offer
    quantity: int
    amount: int
    tax_rate: int
    tax: IncludedTax


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost now, and how the seller stands to tax."""

    lines: Sequence[QuoteLine]
    currency: str
    tax_scheme: TaxScheme
    instead_of: Sequence[str] = ()
    """Unpaid orders of the buyer's own that have to be given up for it, because they hold what is lacking."""
    beside: Sequence[Unpaid] = ()
    """Those that stay, of the buyer or from the same address, as far as they were asked for."""

    @property
    def amount(self) -> int:
        """The total, in minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax inside the total."""
        return sum(line.tax.total for line in self.lines)


async def quote_for(
    claims: Claims, items: Sequence[Item], *, ordered_from: str | None = None, beside: bool = False
) -> tuple[Identity, Quote]:
    """Price a purchase and prove who wants it, by one question; the same product twice becomes one line.

    What the buyer's own unpaid orders hold is there for them; those `beside` it are read when that is asked for. Raises
    InvalidToken, InvalidInput, ProductNotFound, OutOfStock.
    """
    names = wanted(items)
    async with database.ask() as session:
        asked = {"names": list(names), "buyers": claims.known_as, "ordered_from": ordered_from}
        found = (await session.exec(_WANTED, **asked, **claims.asking())).all()
    buyer = Identity.of(claims, found[0][3]) if found else await tokens.confirm(claims)
    priced = _priced([row[:3] for row in found], names)
    near = await unpaid.near(buyer, ordered_from) if found[0][4] and (beside or _lacking(priced)) else []
    instead_of = _to_give_up(priced, [order for order in near if order.buyer_id in claims.known_as])
    if why_not := amounts.why_not(priced.amount, priced.currency):
        raise InvalidInput({"items": why_not})
    return buyer, replace(priced, instead_of=instead_of, beside=[each for each in near if each.id not in instead_of])


def _lacking(priced: Quote) -> dict[str, int]:
    """Return how many units are wanted of a variant that are not on the shelf."""
    lacking: dict[str, int] = {}
    for line in priced.lines:
        left = line.offer.variant.available
        if left is not None and left < line.quantity:
            lacking[line.offer.variant.id] = line.quantity - left
    return lacking


def _to_give_up(priced: Quote, own: Iterable[Unpaid]) -> list[str]:
    """Choose of a buyer's own orders those that hold what is lacking; raises OutOfStock when that is not enough."""
    lacking, given_up = _lacking(priced), list[str]()
    for order in own:
        if any(lacking.get(variant_id, 0) > 0 for variant_id in order.units):
            given_up.append(order.id)
            lacking = {variant_id: units - order.units.get(variant_id, 0) for variant_id, units in lacking.items()}
    for line in priced.lines:
        if (units := lacking.get(line.offer.variant.id, 0)) > 0:
            raise OutOfStock(line.offer.product.name, line.quantity - units)
    return given_up


def _priced(found: Iterable[Found], names: Mapping[str, int]) -> Quote:
    offers, quantities, scheme = _offers(found, names)
    currencies = {offer.variant.currency for offer in offers.values()}
    if len(currencies) > 1:
        raise InvalidInput({"items": "Everything in one order must have the same currency."})
    lines = [_line(offer, quantities[variant_id], scheme) for variant_id, offer in offers.items()]
    return Quote(lines=lines, currency=currencies.pop(), tax_scheme=scheme)


def digest_of(items: Sequence[Item]) -> str:
    """Return what tells one wish from another; raises InvalidInput when it is none."""
    return hashlib.sha256(json.dumps(sorted(wanted(items).items())).encode()).hexdigest()


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


def _offers(found: Iterable[Found], names: Mapping[str, int]) -> tuple[dict[str, Offer], dict[str, int], TaxScheme]:
    """Sort out what is wanted, how many of each variant, and how it is taxed; raises ProductNotFound."""
    named: dict[str, Offer] = {}
    scheme = TaxScheme.REGULAR
    for product, variant, its_scheme in found:
        named |= {name: Offer(product, variant) for name in (product.id, product.slug) if name in names}
        scheme = TaxScheme(its_scheme)
    offers: dict[str, Offer] = {}
    quantities: dict[str, int] = {}
    for name, quantity in names.items():
        if (offer := named.get(name)) is None:
            raise ProductNotFound
        offers[offer.variant.id] = offer
        quantities[offer.variant.id] = quantities.get(offer.variant.id, 0) + quantity
    if max(quantities.values()) > MAX_QUANTITY:  # of one product, by whatever names it was asked for
        raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
    return offers, quantities, scheme


def _line(offer: Offer, quantity: int, scheme: TaxScheme) -> QuoteLine:
    amount = offer.variant.amount * quantity
    rate = seller.tax_rate(scheme, offer.variant.tax_rate)
    return QuoteLine(offer, quantity, amount, rate, included_tax(amount, rate))
