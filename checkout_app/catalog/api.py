"""What is for sale, over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.catalog import listing
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.listing import Listed
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


@router.get("/{id_or_slug}", response_model=ProductBody)
async def get_product(id_or_slug: str) -> Response:
    """Show one product."""
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


def _product(rows: Sequence[listing.Row], **_: Any) -> bytes | None:
    return _body(Listed._make(rows[0])).model_dump_json().encode() if rows else None


def _body(product: Listed) -> ProductBody:
    return ProductBody(**product._asdict(), image_url=f"{settings().public_url}/{product.image}")


_PAGES = Kept(_page)
_PRODUCTS = Kept(_product)
