"""Products as pages show them: ready-made text, small enough for a state, safe for everybody to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checkout_app.catalog import service
from checkout_app.catalog.service import FEW, Offer
from checkout_app.catalog.window import DEPTH, InWindow
from checkout_app.core.money import format_amount, format_price
from checkout_app.seller.service import Terms, tax_rate


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of a product's details."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A product on the shelf."""

    slug: str
    href: str
    name: str
    price: str
    image: str
    image_alt: str
    scarce: str
    """How much is left, when it is little; else empty."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that the shelf ever shows: everything, and what there is of each category, in the shop window's order.

    It is one for all tabs: nothing in it may ever be changed.
    """

    everything: tuple[ShelfItem, ...]
    of_category: Mapping[str, tuple[ShelfItem, ...]]


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product on its own page. `most` is how many one order may take; 0 when it is sold out."""

    slug: str = ""
    name: str = ""
    category: str = ""
    category_href: str = "/"
    summary: str = ""
    description: str = ""
    details: tuple[Detail, ...] = ()
    price: str = ""
    prices: tuple[str, ...] = ()
    """What one, two, three of it cost, as many as one order may take."""
    image: str = ""
    image_alt: str = ""
    availability: str = ""
    tone: str = "neutral"
    most: int = 0
    taxed: bool = False
    """Whether GST is in the price."""
    shipping: str = ""
    """What the seller promises of how it reaches its buyer; empty when nothing, or when nothing is sent."""
    returns: str = ""
    """What the seller promises of sending it back, likewise."""


def shelf(rows: Sequence[tuple[Any, ...]]) -> Shelf:
    """Describe what is in the shop window."""
    items: list[ShelfItem] = []
    of_category: dict[str, list[ShelfItem]] = {}
    for product in (InWindow(*row) for row in rows):
        item = _shelf_item(product)
        items.append(item)
        of_category.setdefault(product.category, []).append(item)
    return Shelf(tuple(items[:DEPTH]), {name: tuple(of_it) for name, of_it in of_category.items()})


def _shelf_item(product: InWindow) -> ShelfItem:
    few = product.left is not None and product.left <= FEW
    return ShelfItem(
        slug=product.slug,
        href=f"/product/{product.slug}",
        name=product.name,
        price=format_price(product.amount, product.currency),
        image=f"/{product.image}",
        image_alt=product.image_alt,
        scarce=service.availability(product.left, digital=product.digital, back_in=product.back_in) if few else "",
    )


def product_view(offer: Offer, most: int, terms: Terms) -> ProductView:
    """Describe a product for its page; `most` is the shop's limit for one order, `terms` what its seller says."""
    product, variant = offer.product, offer.variant
    sent = Terms() if product.digital else terms
    left = variant.available
    most = most if left is None else min(most, left)
    return ProductView(
        slug=product.slug,
        name=product.name,
        category=product.category,
        category_href=f"/?category={product.category}",
        summary=product.summary,
        description=product.description,
        details=tuple(Detail(term=row["term"], text=row["text"]) for row in product.details),
        price=format_amount(variant.amount, variant.currency),
        prices=tuple(format_amount(variant.amount * quantity, variant.currency) for quantity in range(1, most + 1)),
        image=f"/{product.image}",
        image_alt=product.image_alt,
        availability=service.availability(left, digital=product.digital, back_in=product.back_in),
        tone="danger" if left == 0 else "warning" if left is not None and left <= FEW else "success",
        most=most,
        taxed=tax_rate(terms.tax_scheme, variant.tax_rate) > 0,
        shipping=sent.shipping,
        returns=sent.returns,
    )
