"""Products as pages show them: ready-made text, safe for everybody to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checkout_app.catalog import service
from checkout_app.catalog.models import VALUES_APART
from checkout_app.catalog.picture_names import image_of, sources
from checkout_app.catalog.service import FEW, Offer
from checkout_app.catalog.window import Category, InWindow, pages, slug_of
from checkout_app.core import clock
from checkout_app.core.assets import versioned
from checkout_app.core.money import format_amount, format_price
from checkout_app.seller.presentation import Presentation
from checkout_app.seller.service import Terms, tax_rate
from checkout_app.shopfront.choices import OptionView, options_of
from checkout_app.shopfront.paths import product_path, shelf_path


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of a product's details."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A photograph beside the first, with its other widths."""

    image: str
    image_alt: str
    sources: str


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A product on the shelf."""

    slug: str
    href: str
    name: str
    price: str
    image: str
    image_alt: str
    sources: str
    """The same in several widths, as `srcset` wants them; empty of what is drawn."""
    scarce: str
    """How much is left, when it is little; else empty."""


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A way to a category; `current` says that it is the one on the page."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShelfView:
    """A page of the shelf: of everything, or of one category.

    `earlier` and `later` lead to the pages before and after it, and are empty where there is none.
    """

    heading: str = ""
    """What stands above it; empty on the first page, which the shop itself introduces."""
    sentence: str = ""
    description: str = ""
    """The shop in its own words, for that one."""
    products: tuple[ShelfItem, ...] = ()
    categories: tuple[CategoryLink, ...] = ()
    place: str = ""
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product on its own page, as one of its variants. `most` is how many one order may take; 0 when it is sold out.

    `asked_as` and `offer` are what a form says that wants it.
    """

    slug: str = ""
    asked_as: str = "product"
    offer: str = ""
    options: tuple[OptionView, ...] = ()
    """What there is to choose; nothing where it has but one variant."""
    chosen: str = ""
    """The values that it is shown with."""
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
    sources: str = ""
    more: tuple[PictureView, ...] = ()
    """What else was photographed of it."""
    availability: str = ""
    tone: str = "neutral"
    most: int = 0
    taxed: bool = False
    """Whether GST is in the price."""
    shipping: str = ""
    """What the seller promises of how it reaches its buyer; empty when nothing, or when nothing is sent."""
    returns: str = ""
    """What the seller promises of sending it back, likewise."""


def shelf_items(rows: Sequence[tuple[Any, ...]], **_: Any) -> tuple[ShelfItem, ...]:
    """Describe what is on a page of the shop window."""
    return tuple(_shelf_item(InWindow(*row)) for row in rows)


def _shelf_item(product: InWindow) -> ShelfItem:
    few = product.left is not None and product.left <= FEW
    return ShelfItem(
        slug=product.slug,
        href=product_path(product.slug),
        name=product.name,
        price=f"{'from ' if product.differs else ''}{format_price(product.amount, product.currency)}",
        image=versioned(f"/{product.image}"),
        image_alt=product.image_alt,
        sources=sources(product.image),
        scarce=service.availability(product.left, digital=product.digital, back_in=product.back_in) if few else "",
    )


def _picture(picture_id: str, alt: str) -> PictureView:
    image = image_of(picture_id)
    return PictureView(f"/{image}", alt, sources(image))


def shelf_view(
    items: tuple[ShelfItem, ...],
    categories: Sequence[Category],
    category: Category | None,
    page: int,
    shop: Presentation,
) -> ShelfView:
    """Describe a page of the shelf with the ways on from it."""
    slug = category.slug if category else ""
    last = pages(category.products if category else sum(each.products for each in categories))
    return ShelfView(
        heading=category.name if category else "What we have" if page > 1 else "",
        sentence=shop.sentence,
        description=shop.description,
        products=items,
        categories=(
            CategoryLink("Everything", shelf_path(), current=not slug),
            *(CategoryLink(each.name, shelf_path(each.slug), current=each.slug == slug) for each in categories),
        ),
        place=f"Page {page} of {last}" if last > 1 else "",
        earlier=shelf_path(slug, page - 1) if page > 1 else "",
        later=shelf_path(slug, page + 1) if page < last else "",
    )


def product_view(offers: Sequence[Offer], chosen: Offer, most: int, terms: Terms) -> ProductView:
    """Describe a product for its page, as that of its variants which is chosen.

    `most` is the shop's limit for one order, `terms` what its seller says.
    """
    product, variant = chosen.product, chosen.variant
    sent = Terms() if product.digital else terms
    left = variant.available
    most = most if left is None else min(most, left)
    return ProductView(
        slug=product.slug,
        asked_as="variant" if product.options else "product",
        offer=variant.id if product.options else product.slug,
        options=options_of(offers, chosen),
        chosen=VALUES_APART.join(variant.option_values),
        name=product.name,
        category=product.category,
        category_href=shelf_path(slug_of(product.category)),
        summary=product.summary,
        description=product.description,
        details=tuple(Detail(term=row["term"], text=row["text"]) for row in product.details),
        price=format_amount(variant.amount, variant.currency),
        prices=tuple(format_amount(variant.amount * quantity, variant.currency) for quantity in range(1, most + 1)),
        image=versioned(f"/{product.image}"),
        image_alt=product.image_alt,
        sources=sources(product.image),
        more=tuple(_picture(each["id"], each["alt"] or product.name) for each in product.pictures[1:]),
        availability=service.availability(left, digital=product.digital, back_in=product.back_in),
        tone="danger" if left == 0 else "warning" if left is not None and left <= FEW else "success",
        most=most,
        taxed=tax_rate(terms.tax_scheme, variant.rate_at(clock.now())) > 0,
        shipping=sent.shipping,
        returns=sent.returns,
    )
