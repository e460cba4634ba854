"""Products as the back office shows them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog.drafts import GST_RATES
from checkout_app.catalog.models import Product, ProductFile, Variant
from checkout_app.core import clock
from checkout_app.core.assets import versioned
from checkout_app.core.money import format_amount, format_rate
from checkout_app.core.pagination import Page
from checkout_app.journal.audit import Entry
from checkout_app.journal.models import ActorKind
from checkout_app.merchant.audit_log.sentences import message
from checkout_app.merchant.desk import BY, Desk, desk
from checkout_app.merchant.products.listing import Row
from checkout_app.merchant.products.usual import Usual
from checkout_app.merchant.products.variant_views import VariantsView, variants_view
from checkout_app.shopfront.paths import product_path

PRODUCTS: Final = "/merchant/products"
NEW: Final = f"{PRODUCTS}/new"
_API: Final = "/api/merchant/products"
_A_TENTH: Final = 100 * 1024
"""Bytes from which on a size is told in megabytes."""
_NO_SHELF: Final = "There is nothing for sale yet. A photograph, a name and a price are a product."


@dataclass(frozen=True, slots=True)
class RowView:
    """A product in the table; `price` and `stock` as they stand in a field, `stock` empty for what never runs out."""

    id: str
    href: str
    name: str
    image: str
    about: str
    price: str
    price_label: str
    stock: str
    stock_label: str
    held: str
    status: str
    tone: str
    path: str
    several: bool
    """Whether it has variants, each with figures of its own."""


@dataclass(frozen=True, slots=True)
class ProductsView:
    """A page of the table; `can_change` and `can_count` say what who looks may do, `none` why there are none."""

    desk: Desk
    can_change: bool
    can_count: bool
    search: str
    rows: tuple[RowView, ...]
    none: str
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class RateView:
    """A tax rate to choose: its basis points, and as people read it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class PastView:
    """Something that was done to a product."""

    at: str
    who: str
    message: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A product to change, or a new one, which has no `id` and stands nowhere; all as it stands in fields."""

    desk: Desk
    can_change: bool
    can_count: bool
    categories: tuple[str, ...]
    category: str
    rates: tuple[RateView, ...]
    tax_rate: str
    id: str = ""
    path: str = _API
    href: str = ""
    """Where buyers see it; empty while they don't."""
    pictures: tuple[dict[str, str], ...] = ()
    name: str = ""
    price: str = ""
    price_label: str = ""
    stock: str = ""
    stock_label: str = ""
    held: str = ""
    on_sale: bool = True
    status: str = ""
    tone: str = ""
    digital: bool = False
    file: str = ""
    """What its buyers download, and how large that is."""
    summary: str = ""
    description: str = ""
    details: str = ""
    hsn: str = ""
    weight: str = ""
    sku: str = ""
    back_in: str = ""
    counts_variants: bool = False
    """Whether who looks may say how many there are of each variant."""
    variants: VariantsView = field(default_factory=VariantsView)
    past: tuple[PastView, ...] = ()


def products_view(person: Identity, search: str, cursor: str, page: Page[Row]) -> ProductsView:
    """Describe a page of the table for who looks at it."""
    return ProductsView(
        desk=desk(person),
        can_change=Caller.OWNER.admits(person.role),
        can_count=Caller.SHIPPERS.admits(person.role),
        search=search,
        rows=tuple(_row(row) for row in page.items),
        none="" if page.items else f"No product here is called “{search}”." if search else _NO_SHELF,
        older=_path(search, page.next_cursor) if page.next_cursor else "",
        newest=_path(search) if cursor else "",
    )


def new_view(person: Identity, usual: Usual) -> FormView:
    """Describe the form of a new product, as it most likely will be."""
    return FormView(
        desk=desk(person),
        can_change=True,
        can_count=True,
        categories=tuple(usual.categories),
        category=usual.category,
        rates=_rates(usual.tax_rate),
        tax_rate=str(usual.tax_rate),
    )


def one_view(
    person: Identity,
    product: Product,
    variants: Sequence[Variant],
    file: ProductFile | None,
    usual: Usual,
    past: Sequence[Entry],
) -> FormView:
    """Describe a product for who looks at it, with all of its variants, the first first, and what was done to it."""
    variant = variants[0]
    status, tone = _status(on_sale=product.on_sale)
    rate = variant.rate_at(clock.now())
    return FormView(
        desk=desk(person),
        can_change=Caller.OWNER.admits(person.role),
        can_count=Caller.SHIPPERS.admits(person.role) and not product.options,
        categories=tuple(usual.categories),
        category=product.category,
        rates=_rates(rate),
        tax_rate=str(rate),
        id=product.id,
        path=f"{_API}/{product.id}",
        href=product_path(product.slug) if product.on_sale else "",
        pictures=tuple(product.pictures),
        name=product.name,
        price=_figures(variant.amount, variant.currency),
        price_label=_prices(variants),
        stock=_number(variant.on_hand),
        stock_label=_in_words(_stock(variants)),
        held=_held(variant.held),
        on_sale=product.on_sale,
        status=status,
        tone=tone,
        digital=product.digital,
        file=f"{file.name}, {_size(file.size)}" if file else "",
        summary=product.summary,
        description=product.description,
        details="\n".join(f"{row['term']}: {row['text']}" for row in product.details),
        hsn=variant.hsn,
        weight=_number(variant.weight),
        sku=variant.sku,
        back_in=product.back_in or "",
        counts_variants=Caller.SHIPPERS.admits(person.role),
        variants=variants_view(product, variants),
        past=tuple(
            PastView(clock.format_moment(each.event.created_at), _who(each), message(each.event)) for each in past
        ),
    )


def _row(row: Row) -> RowView:
    status, tone = _status(on_sale=row.on_sale)
    return RowView(
        id=row.id,
        href=f"{PRODUCTS}/{row.id}",
        name=row.name,
        image=versioned(f"/{row.image}"),
        about=f"{row.category}, by {' and '.join(row.options).lower()}" if row.options else row.category,
        price=_figures(row.amount, row.currency),
        price_label=format_amount(row.amount, row.currency),
        stock=_number(row.stock),
        stock_label=_in_words(row.stock),
        held=_held(row.held),
        status=status,
        tone=tone,
        path=f"{_API}/{row.id}",
        several=bool(row.options),
    )


def _rates(own: int) -> tuple[RateView, ...]:
    return tuple(RateView(str(rate), format_rate(rate)) for rate in sorted({*GST_RATES, own}))


def _status(*, on_sale: bool) -> tuple[str, str]:
    return ("On sale", "success") if on_sale else ("Hidden", "neutral")


def _figures(amount: int, currency: str) -> str:
    """Write an amount as it stands in a field, without the sign of its currency."""
    return format_amount(amount, currency).lstrip("₹")


def _prices(variants: Sequence[Variant]) -> str:
    """Say what those cost that can be chosen, or from what on."""
    amounts, currency = {variant.amount for variant in variants if variant.on_sale}, variants[0].currency
    return f"{'from ' if len(amounts) > 1 else ''}{format_amount(min(amounts), currency)}"


def _stock(variants: Sequence[Variant]) -> int | None:
    """Count those that can be chosen; None where one of them never runs out."""
    stocks = [variant.on_hand for variant in variants if variant.on_sale]
    return None if None in stocks else sum(stock or 0 for stock in stocks)


def _size(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB" if size > _A_TENTH else f"{-(-size // 1024):,} KB"


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _in_words(stock: int | None) -> str:
    return "Never runs out" if stock is None else f"{stock} in stock"


def _held(held: int) -> str:
    return f"{held} held by orders" if held else ""


def _who(entry: Entry) -> str:
    return entry.by.email if entry.by else BY[ActorKind(entry.event.actor)]


def _path(search: str, cursor: str = "") -> str:
    asked = {name: value for name, value in (("search", search), ("cursor", cursor)) if value}
    return f"{PRODUCTS}?{urlencode(asked)}" if asked else PRODUCTS
