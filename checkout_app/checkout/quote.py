"""What a purchase would cost now, line by line, with the tax that is inside."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
from checkout_app.core.money import LARGEST_AMOUNT, IncludedTax, format_amount, included_tax
from checkout_app.core.statements import Statement
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme

MAX_QUANTITY = 50
MAX_LINES = 20

Found = tuple[Product, Variant, str]
"""Something on sale, and how a sale is taxed now."""

_SALE = catalog.ON_SALE.add_columns(seller.TAX_SCHEME).where(
    or_(
        col(Product.id).in_(bindparam("names", expanding=True)),
        col(Product.slug).in_(bindparam("names", expanding=True)),
    )
)
_WANTED = Statement[Found](_SALE)
"""What is wanted with how it is taxed, so that both are of one moment."""
_WANTED_BY = Statement[tuple[Product, Variant, str, User]](
    _SALE.add_columns(User).join(User, col(User.id) == bindparam("user")).where(tokens.SIGNED_IN)
)
"""The same with who wants it, and nothing for somebody who is not signed in."""


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

    @property
    def amount(self) -> int:
        """The total, in minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax inside the total."""
        return sum(line.tax.total for line in self.lines)


async def quote(items: Sequence[Item]) -> Quote:
    """Price a purchase; the same product twice becomes one line. Raises InvalidInput, ProductNotFound, OutOfStock."""
    names = wanted(items)
    async with database.ask() as session:
        found = (await session.exec(_WANTED, names=list(names))).all()
    return _priced(found, names)


async def quote_for(claims: Claims, items: Sequence[Item]) -> tuple[Identity, Quote]:
    """Price a purchase and prove who wants it, by one question; raises InvalidToken, and what `quote` raises."""
    names = wanted(items)
    async with database.ask() as session:
        found = (await session.exec(_WANTED_BY, names=list(names), **claims.asking())).all()
    buyer = Identity.of(claims, found[0][3]) if found else await tokens.confirm(claims)
    return buyer, _priced([row[:3] for row in found], names)


def _priced(found: Iterable[Found], names: Mapping[str, int]) -> Quote:
    offers, quantities, scheme = _offers(found, names)
    for variant_id, offer in offers.items():
        available = offer.variant.available
        if available is not None and available < quantities[variant_id]:
            raise OutOfStock(offer.product.name, available)
    currencies = {offer.variant.currency for offer in offers.values()}
    if len(currencies) > 1:
        raise InvalidInput({"items": "Everything in one order must have the same currency."})
    lines = [_line(offer, quantities[variant_id], scheme) for variant_id, offer in offers.items()]
    priced = Quote(lines=lines, currency=currencies.pop(), tax_scheme=scheme)
    if priced.amount > LARGEST_AMOUNT:
        most = format_amount(LARGEST_AMOUNT, priced.currency)
        raise InvalidInput({"items": f"One order can cost at most {most}."})
    return priced


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
    if max(sums.values()) > MAX_QUANTITY:
        raise InvalidInput({"quantity": f"Choose 1 to {MAX_QUANTITY}."})
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
    return offers, quantities, scheme


def _line(offer: Offer, quantity: int, scheme: TaxScheme) -> QuoteLine:
    amount = offer.variant.amount * quantity
    rate = seller.tax_rate(scheme, offer.variant.tax_rate)
    return QuoteLine(offer, quantity, amount, rate, included_tax(amount, rate))
