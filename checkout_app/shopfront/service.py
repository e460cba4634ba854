"""What the shop's public pages show and say of themselves, by their addresses, as it is now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlmodel import col

from checkout_app.cart.models import MAX_QUANTITY
from checkout_app.catalog import window
from checkout_app.catalog.models import Variant
from checkout_app.catalog.picture_names import card
from checkout_app.catalog.service import NAMED, OFFERED, Offer
from checkout_app.catalog.window import Category, categories
from checkout_app.core import clock, database
from checkout_app.core.assets import versioned
from checkout_app.core.errors import InvalidInput
from checkout_app.core.kept import MOST, Kept
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.seller.presentation import PRESENTED, Presentation, presentation, presented
from checkout_app.seller.service import TERMS, Terms
from checkout_app.shopfront import linked_data
from checkout_app.shopfront.choices import chosen_of
from checkout_app.shopfront.linked_data import script_json
from checkout_app.shopfront.paths import product_path, shelf_path, variant_path
from checkout_app.shopfront.views import (
    ShelfItem,
    ShelfView,
    product_view,
    shelf_items,
    shelf_view,
)

SHARE_IMAGE: Final = "/brand/share.png"
LONGEST_ADDRESS: Final = 2_000
"""Characters of an address as browsers write it, with several for each letter."""

_ADDRESS: Final = re.compile(r"/(?:(?P<kind>product|category)/(?P<name>[^/]+)/?)?")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_NAMED_FEW: Final = 3
_OF_TERMS: Final = len(TERMS)
_OFFERED: Final = Statement[tuple[Any, ...]](
    OFFERED.add_columns(*TERMS, *PRESENTED).where(NAMED).order_by(col(Variant.position))
)
"""Finds one product by its id or its slug, `name`: for each variant an `Offer`, then `Terms` and the `Presentation`."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; `path` is its one address, empty for a page that nothing should lead to."""

    title: str
    description: str
    image: str
    kind: str
    path: str
    linked: str
    shop: str
    """What the shop is called."""


@dataclass(frozen=True, slots=True)
class Content:
    """A page's status, its head, and what its script is told, as JSON that can stand in the page.

    `at` is an address of it, the same for all addresses at which there is nothing. What is `own` is for one person and
    kept by nobody.
    """

    status: int
    at: str
    head: Head
    data: bytes
    own: bool = False


async def content(path: str, asked: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Content | None:
    """Return what is on the page of a path, with what its query asks for; None when this room has no such page.

    That is the number of a page of the shelf, where one that no page has is as unknown as any other address, or a
    variant of a product, where one that it has not is as good as none.
    """
    address = _ADDRESS.fullmatch(path)
    if address is None:
        return None
    try:
        if address["kind"] == "product":
            return await _product(address["name"], next(iter(asked.get("variant", ())), ""))
        return await _shelf(address["name"] or "", next(iter(asked.get("page", ())), None))
    except InvalidInput:  # nothing in the shop can be called that
        return await nothing(f"/{address['kind']}/-")


async def framed(at: str, title: str, status: int = 200) -> Content:
    """Return what there is to tell of a page that is of no interest to search engines: what is around it."""
    return _framed(at, title, status, await presentation())


async def nothing(at: str, title: str = "There is nothing here") -> Content:
    """Return what there is to tell of an address at which there is nothing."""
    return await framed(at, title, 404)


def told_page(at: str, title: str, description: str, view: dict[str, Any], shop: Presentation) -> Content:
    """Return a page that says the same to everybody, search engines included."""
    linked = linked_data.written([linked_data.way_to(shop, (title, at)), linked_data.organization(shop)])
    head = Head(_titled(title, shop), description, SHARE_IMAGE, "website", path=at, linked=linked, shop=shop.name)
    return _content(200, at, head, view, shop)


def own_page(at: str, title: str, view: dict[str, Any], shop: Presentation) -> Content:
    """Return a page that shows what is somebody's own."""
    return replace(_content(200, at, _own_head(title, shop), view, shop), own=True)


def also_telling(page: Content, **told: int) -> Content:
    """Return a page whose script is told something more than what is on it."""
    return replace(page, data=page.data.removesuffix(b"}") + b"," + script_json(told).encode().removeprefix(b"{"))


@dataclass(frozen=True, slots=True)
class _Sold:
    """A product with its variants, and its page for each of them that was asked for."""

    offers: Sequence[Offer]
    terms: Terms
    shop: Presentation
    pages: dict[str, Content] = field(default_factory=dict)

    def page(self, variant_id: str) -> Content:
        """Return the page on which a variant is chosen; without one it is at the product's own address."""
        known = variant_id if any(offer.variant.id == variant_id for offer in self.offers) else ""
        if known not in self.pages:
            self.pages[known] = self._made(known)
        return self.pages[known]

    def _made(self, variant_id: str) -> Content:
        view = product_view(self.offers, chosen_of(self.offers, variant_id), MAX_QUANTITY, self.terms)
        head = Head(
            title=_titled(view.name, self.shop),
            description=view.summary or f"{view.name}, {view.price}, at {self.shop.name}.",
            image=_beside_link(self.offers[0].product.image),
            kind="product",
            path=product_path(view.slug),
            linked=linked_data.written(linked_data.product(self.offers, view, self.shop)),
            shop=self.shop.name,
        )
        at = variant_path(view.slug, variant_id) if variant_id else head.path
        return _content(200, at, head, asdict(view), self.shop)


def _beside_link(image: str) -> str:
    """Return the address of what is shown beside a link to a product; of a drawn one nobody who shows links would."""
    if image.endswith(".svg"):
        return SHARE_IMAGE
    return versioned(f"/{card(image) or image}")


async def _product(name: str, variant_id: str) -> Content:
    async with database.ask() as session:
        found = await session.kept(_products(clock.day_of(clock.now())), _OFFERED, name=name)
    return found.page(variant_id) if found else await nothing("/product/-", "This is not for sale")


@lru_cache(maxsize=1)
def _products(_day: date) -> Kept[_Sold | None]:
    """Return what is kept of the pages of products, anew each day: with it a rate may begin that is told there."""
    return Kept(_sold)


def _sold(rows: Sequence[tuple[Any, ...]], **_: Any) -> _Sold | None:
    if not rows:
        return None
    said = rows[0][2:]
    return _Sold([Offer(*row[:2]) for row in rows], Terms(*said[:_OF_TERMS]), presented(said[_OF_TERMS:]))


async def _shelf(slug: str, page: str | None) -> Content:
    async with database.ask() as session:
        known = await session.kept(_CATEGORIES, window.CATEGORIES)
    category = next((each for each in known if each.slug == slug), None)
    number = 1 if page is None else int(page) if _NUMBER.fullmatch(page) else 0
    products = category.products if category else sum(each.products for each in known)
    if (slug and category is None) or not 1 <= number <= window.pages(products):
        return await nothing("/category/-" if slug else "/")
    statement, values = window.question(category, number)
    async with database.ask() as session:
        items = await session.kept(_ITEMS, statement, **values)
    return _shelf_content(items, known, category, number, await presentation())


@lru_cache(MOST)
def _shelf_content(
    items: tuple[ShelfItem, ...],
    known: tuple[Category, ...],
    category: Category | None,
    number: int,
    shop: Presentation,
) -> Content:
    view = shelf_view(items, known, category, number, shop)
    slug = category.slug if category else ""
    way = [linked_data.way_to(shop, (category.name, shelf_path(slug)))] if category else []
    head = Head(
        title=_shelf_title(view, number, shop),
        description=_described(category.name, items, shop) if category and items else shop.description,
        image=SHARE_IMAGE,
        kind="website",
        path=shelf_path(slug, number),
        linked=linked_data.written([*way, linked_data.organization(shop)]),
        shop=shop.name,
    )
    return _content(200, head.path, head, asdict(view), shop)


def _shelf_title(view: ShelfView, number: int, shop: Presentation) -> str:
    if not view.heading:
        return shop.name if shop.sentence == shop.name else f"{shop.name}: {shop.sentence}"
    return _titled(f"{view.heading}, page {number}" if number > 1 else view.heading, shop)


def _described(category: str, items: Sequence[ShelfItem], shop: Presentation) -> str:
    """Describe a category by the first of what is in it."""
    first = ", ".join(item.name for item in items[:_NAMED_FEW])
    return f"{category} at {shop.name}: {first}{' and more' if len(items) > _NAMED_FEW else ''}."


@lru_cache(MOST)
def _framed(at: str, title: str, status: int, shop: Presentation) -> Content:
    return _content(status, at, _own_head(title, shop), {}, shop)


def _own_head(title: str, shop: Presentation) -> Head:
    """Return what a page says of itself that is of no interest to search engines."""
    return Head(_titled(title, shop), shop.description, SHARE_IMAGE, "website", path="", linked="", shop=shop.name)


def _content(status: int, at: str, head: Head, view: dict[str, Any], shop: Presentation) -> Content:
    said = {"title": head.title, "description": head.description, "image": f"{settings().public_url}{head.image}"}
    around = {"name": shop.name, "logo": versioned(shop.logo), "links": [asdict(link) for link in shop.footer]}
    around["agreed"] = [asdict(link) for link in shop.agreed]
    told = {"status": status, "head": said, "view": view, "shop": around}
    return Content(status, at, head, script_json(told).encode())


def _titled(title: str, shop: Presentation) -> str:
    return f"{title} · {shop.name}"


_CATEGORIES: Final = Kept(categories)
_ITEMS: Final = Kept(shelf_items)
