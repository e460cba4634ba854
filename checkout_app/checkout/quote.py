"""What a purchase would cost now, line by line, with the tax that is inside."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import bindparam, col, or_

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

_WANTED = Statement[tuple[Product, Variant, str]](
    catalog.ON_SALE.add_columns(seller.TAX_SCHEME).where(
        or_(
            col(Product.id).in_(bindparam("names", expanding=True)),
            col(Product.slug).in_(bindparam("names", expanding=True)),
        )
    )
)
"""What is wanted with how it is taxed, so that both are of one moment."""


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
    offers, quantities, scheme = await _offers(wanted(items))
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


async def _offers(names: dict[str, int]) -> tuple[dict[str, Offer], dict[str, int], TaxScheme]:
    """Find what is wanted, how many of each variant, and how it is taxed, in one question; raises ProductNotFound."""
    found: dict[str, Offer] = {}
    scheme = TaxScheme.REGULAR
    async with database.ask() as session:
        for product, variant, its_scheme in await session.exec(_WANTED, names=list(names)):
            found |= {name: Offer(product, variant) for name in (product.id, product.slug) if name in names}
            scheme = TaxScheme(its_scheme)
    offers: dict[str, Offer] = {}
    quantities: dict[str, int] = {}
    for name, quantity in names.items():
        if (offer := found.get(name)) is None:
            raise ProductNotFound
        offers[offer.variant.id] = offer
        quantities[offer.variant.id] = quantities.get(offer.variant.id, 0) + quantity
    return offers, quantities, scheme


def _line(offer: Offer, quantity: int, scheme: TaxScheme) -> QuoteLine:
    amount = offer.variant.amount * quantity
    rate = offer.variant.tax_rate if scheme is TaxScheme.REGULAR else 0  # nobody else may collect tax
    return QuoteLine(offer, quantity, amount, rate, included_tax(amount, rate))
