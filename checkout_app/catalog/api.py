"""What is for sale, over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.catalog import listing
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.listing import Listed
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.core import database
from checkout_app.core.kept import Kept
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.settings import settings

router = APIRouter(prefix="/api/products", tags=["catalogue"], **guard.open_to(Caller.ANYBODY))


class ProductBody(BaseModel):
    """A product; `amount` in minor units, tax included; `available` is null for what never runs out."""

    id: str
    slug: str
    name: str
    description: str
    image_url: str
    amount: int
    currency: str
    available: int | None
    category: str
    digital: bool


class VariantBody(BaseModel):
    """One variant of a product: its value of each of the product's options, what it costs and how many are left."""

    id: str
    sku: str
    values: list[str]
    amount: int
    available: int | None

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """Describe one."""
        return cls(
            id=variant.id,
            sku=variant.sku,
            values=variant.option_values,
            amount=variant.amount,
            available=variant.available,
        )


class WholeProductBody(ProductBody):
    """A product with the variants that can be chosen, and in what they differ: `options`, where there are several.

    The first of them is what it is bought as if none is chosen, and what `amount` and `available` are of.
    """

    options: list[str]
    variants: list[VariantBody]


class ProductPage(BaseModel):
    """Some products, and the cursor of the next ones."""

    items: list[ProductBody]
    next_cursor: str | None


@router.get("", response_model=ProductPage)
async def list_products(
    q: Annotated[str, Query(max_length=listing.LONGEST_QUERY)] = "",
    category: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> Response:
    """List what is on sale."""
    statement, values = listing.question(query=q, category=category, cursor=cursor, limit=limit)
    async with database.ask() as session:
        return _json(await session.kept(_PAGES, statement, **values))


@router.get("/{id_or_slug}", response_model=WholeProductBody)
async def get_product(id_or_slug: str) -> Response:
    """Show one product with its variants."""
    async with database.ask() as session:
        found = await session.kept(_PRODUCTS, listing.ONE, name=id_or_slug)
    if found is None:
        raise ProductNotFound
    return _json(found)


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _page(rows: Sequence[listing.Row], **values: Any) -> bytes:
    page = listing.page(rows, **values)
    body = ProductPage(items=[_body(product) for product in page.items], next_cursor=page.next_cursor)
    return body.model_dump_json().encode()


def _product(rows: Sequence[tuple[Product, Variant]], **_: Any) -> bytes | None:
    if not rows:
        return None
    product, first = rows[0]
    body = WholeProductBody(
        **_body(Listed.of(Offer(product, first))).model_dump(),
        options=product.options,
        variants=[VariantBody.of(variant) for _, variant in rows],
    )
    return body.model_dump_json().encode()


def _body(product: Listed) -> ProductBody:
    return ProductBody(**product._asdict(), image_url=f"{settings().public_url}/{product.image}")


_PAGES = Kept(_page)
_PRODUCTS = Kept(_product)
